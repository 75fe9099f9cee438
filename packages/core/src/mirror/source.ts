import type { ImageId } from '../names/file-names.ts';

/** A bakery to copy from, as hosts see it. Files are told by release (the `globalTag` for what indexes everything). */
export interface Source {
  /** For people. */
  readonly name: string;
  /** A small file as UTF-8 text, or `undefined` when there is none. */
  text(tag: string, file: string): Promise<string | undefined>;
  bytes(tag: string, file: string): Promise<Uint8Array | undefined>;
  /** An image as a file of this machine; a UserError unless it has the hash its index says. */
  image(image: ListedImage): Promise<ProvedFile>;
}

/** An image that an index names. */
export interface ListedImage extends ImageId {
  readonly file: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface ProvedFile {
  readonly path: string;
  /** Says that it was copied; until then the next run finds it again. */
  done(): Promise<void>;
}
