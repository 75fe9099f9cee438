import type { Exec } from '../ports/exec.ts';
import type { Report } from '../ports/report.ts';
import type { Program } from '../tools/known-tools.ts';
import type { Entry } from './entry.ts';
import type { Room } from './room.ts';

export interface ImageContext {
  readonly exec: Exec;
  readonly report: Report;
  /** As in PATH; where the tools are looked for. */
  readonly path: string;
  readonly isRoot: boolean;
}

/** One image to make: all values decided, the output a name nobody else uses. */
export interface PackJob {
  /** Folder whose content becomes the image's root; its own mode is 0755. */
  readonly root: string;
  readonly output: string;
  /** Name of the extension, for what an image carries of itself. */
  readonly name: string;
  /** Seconds since 1970 that every timestamp in the image gets. */
  readonly epoch: number;
  readonly compression: string;
  readonly level: number | undefined;
  /** Bytes of a compressed block; the format's own default by default. */
  readonly blockSize: number | undefined;
  /** Bytes of the whole image, for formats of a fixed size. */
  readonly size: number;
  /** Threads at most. */
  readonly jobs: number;
}

export interface Compression {
  readonly name: string;
  /** Lowest and highest level, where there are levels. */
  readonly levels?: readonly [lowest: number, highest: number];
}

/** Code of the bakery; the version changes when the same tree becomes other bytes. */
export interface OwnWriter {
  readonly name: string;
  readonly version: string;
}

/** One kind of image: how it is made and how it is read without mounting it. */
export interface Format {
  /** The program that makes it, as in the table of tools, or what of the bakery itself does. */
  readonly tool: Program | OwnWriter;
  readonly packs: readonly Program[];
  readonly reads: readonly Program[];
  /** `true`, or why two builds of the same tree differ. */
  readonly reproducible: true | { readonly because: string };
  /** The first is the default. */
  readonly compressions: readonly [Compression, ...Compression[]];
  /** What a compressor is told when nobody chooses; the program’s own choice where there is none. */
  defaultLevel?(compression: string): number | undefined;
  /** Bytes of a compressed block when nobody chooses. */
  readonly defaultBlockSize?: number;
  /** Block sizes the format can have, in bytes, smallest and largest; absent where it has no choice. */
  readonly blockSizes?: readonly [smallest: number, largest: number];
  pack(job: PackJob, ctx: ImageContext): Promise<void>;
  /** Bytes the image says it has, or `undefined` when `head` (its first 128 KiB) is of another format. */
  declaredSize(head: Buffer): number | undefined;
  /** Every name in the image, the root as "/" and first, folders before what is in them. Judged by nobody yet. */
  list(room: Room): Promise<Entry[]>;
  /** Unpacks `bytes` into the room's folder; owners and modes do not matter. */
  extract(room: Room, bytes: number): Promise<void>;
}
