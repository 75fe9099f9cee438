import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inFile } from '../lifetime/file-errors.ts';
import { type HashAlgorithm, type Hashes, feedFile, hashing } from './hashing.ts';

/** What must be the same for a resume to make sense. */
const Resume = z.object({
  /** Strong ETag or Last-Modified, as If-Range wants it. */
  validator: z.string(),
  /** Bytes of the whole file. */
  total: z.int().optional(),
});
export type Resume = z.infer<typeof Resume>;

/** The bytes of a file so far, hashed while they come. */
export interface PartialFile extends AsyncDisposable {
  readonly path: string;
  readonly size: number;
  /** Of the answer the bytes came from; without it nothing can be resumed. */
  readonly resume: Resume | undefined;
  restart(resume?: Resume): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  hashes(): Hashes;
}

/** Opens what stands in `folder`; bytes that cannot be resumed are dropped. */
export async function openPartial(folder: string, also: HashAlgorithm | undefined): Promise<PartialFile> {
  const path = join(folder, 'body.partial');
  const note = join(folder, 'resume.partial');
  const handle = await open(path, 'a+');
  let resume = await readResume(note);
  let hash = hashing(also);
  let size = 0;
  if (resume === undefined) await handle.truncate(0);
  else {
    size = (await handle.stat()).size;
    await feedFile(path, hash, size);
  }
  return {
    path,
    get size() {
      return size;
    },
    get resume() {
      return resume;
    },
    restart: async (next) => {
      // In this order a kill in between leaves bytes without a note, never a note for other bytes.
      await writeFile(note, '');
      await handle.truncate(0);
      if (next !== undefined) await inFile(note, writeFile(note, JSON.stringify(next)));
      resume = next;
      hash = hashing(also);
      size = 0;
    },
    append: async (bytes) => {
      const writing = inFile(path, writeAll(handle, bytes));
      hash.update(bytes); // while the disk works
      await writing;
      size += bytes.byteLength;
    },
    hashes: () => hash.hex(),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function readResume(note: string): Promise<Resume | undefined> {
  const text = await readFile(note, 'utf8').catch(() => '');
  if (!text.endsWith('}')) return undefined;
  try {
    return Resume.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.byteLength;) {
    written += (await handle.write(bytes, written)).bytesWritten;
  }
}
