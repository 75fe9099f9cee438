import type { RoomContext } from '../image/room.ts';
import { type ChangedContents, compareContents } from './compare-contents.ts';
import { type ChangedInput, compareInputs, type ImageRecord } from './compare-inputs.ts';
import { type Contents, contentsOf } from './contents.ts';

/** An image to compare. */
export interface Side {
  /** What people call it. */
  readonly name: string;
  readonly path: string;
  /** What it was made of, when that is known. */
  readonly record?: ImageRecord;
}

export interface ComparedImage extends Pick<Contents, 'format' | 'size' | 'sha256'> {
  readonly name: string;
}

/** All that is different in two images. */
export interface Comparison {
  readonly from: ComparedImage;
  readonly to: ComparedImage;
  /** Absent unless both have a record. */
  readonly inputs?: readonly ChangedInput[];
  readonly files: ChangedContents;
}

/** Compares two images, of whatever formats. */
export async function compareImages(from: Side, to: Side, context: RoomContext): Promise<Comparison> {
  const before = await contentsOf(from.path, context);
  const after = await contentsOf(to.path, context);
  return {
    from: factsOf(from, before),
    to: factsOf(to, after),
    ...(from.record === undefined || to.record === undefined
      ? {}
      : { inputs: compareInputs(from.record, to.record) }),
    files: compareContents(before, after),
  };
}

function factsOf({ name }: Side, { format, size, sha256 }: Contents): ComparedImage {
  return { name, format, size, sha256 };
}

/** Whether both hold the same files, whatever their bytes. */
export function isSameTree({ files }: Comparison): boolean {
  return files.added.length + files.removed.length + files.changed.length === 0;
}
