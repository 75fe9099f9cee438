import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { absent, inFile } from '../lifetime/file-errors.ts';
import { makeFolder } from '../lifetime/make-folder.ts';
import { type Partials, partialsIn } from '../lifetime/partials.ts';
import { writeFileAtomically } from '../lifetime/write-file-atomically.ts';
import { type Expected, hashAlgorithms, feedFile, hashing, hashOf } from './hashing.ts';

export interface CachedFile {
  /** Read-only. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Files by their content, and what was fetched from which address. Safe for many processes at once. */
export interface Cache {
  readonly folder: string;
  readonly partials: Partials;
  /** What was fetched from `url` the last time, when it is still whole. */
  recall(url: string): Promise<CachedFile | undefined>;
  /** A file with the expected bytes, wherever it came from; `url` is where to look first. */
  find(url: string, expected: Expected): Promise<CachedFile | undefined>;
  /** Takes over a finished file (by rename) and notes where it came from. */
  keep(file: string, fetched: FetchedBytes): Promise<CachedFile>;
  recallText(url: string): Promise<string | undefined>;
  keepText(url: string, text: string): Promise<void>;
  recallBytes(url: string): Promise<Uint8Array | undefined>;
  keepBytes(url: string, bytes: Uint8Array): Promise<void>;
}

export interface FetchedBytes {
  readonly url: string;
  readonly size: number;
  readonly hashes: Entry['hashes'];
  /** For people: how the bytes were proved. */
  readonly proof: string;
}

export interface CacheOptions {
  /** Hash files again whenever they are used; otherwise only their size is compared. */
  readonly verify: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const Entry = z.object({
  url: z.string(),
  size: z.int().min(0),
  hashes: z.partialRecord(z.enum(hashAlgorithms), z.string()).and(z.object({ sha256: z.string() })),
  proof: z.string(),
});
type Entry = z.infer<typeof Entry>;

/** A cache in `folder`: `sha256/ab/HEX` files, `urls/HEX.json` notes, `partial/` unfinished work. */
export function cacheIn(folder: string, options: CacheOptions): Cache {
  const partials = partialsIn(join(folder, 'partial'), options.now);
  const note = (url: string) => join(folder, 'urls', `${hashOf(url)}.json`);
  const place = (sha256: string) => join(folder, 'sha256', sha256.slice(0, 2), sha256);

  async function entryOf(url: string): Promise<Entry | undefined> {
    const text = await readFile(note(url), 'utf8').catch(absent);
    const entry = text === undefined ? undefined : Entry.safeParse(jsonOrNothing(text)).data;
    return entry?.url === url ? entry : undefined;
  }

  async function whole({ size, hashes: { sha256 } }: Entry): Promise<CachedFile | undefined> {
    const path = place(sha256);
    const found = await stat(path).catch(absent);
    if (found === undefined) return undefined;
    const good = found.size === size && (!options.verify || (await fileHash(path, 'sha256')) === sha256);
    if (good) return { path, size, sha256 };
    await rm(path, { force: true });
    return undefined;
  }

  async function recall(url: string): Promise<CachedFile | undefined> {
    const entry = await entryOf(url);
    return entry === undefined ? undefined : whole(entry);
  }

  async function find(url: string, { algorithm, hex }: Expected): Promise<CachedFile | undefined> {
    const entry = await entryOf(url);
    const known = entry?.hashes[algorithm];
    if (entry !== undefined && (known === hex || known === undefined)) {
      const file = await whole(entry);
      if (file !== undefined && (known === hex || (await fileHash(file.path, algorithm)) === hex))
        return file;
    }
    return algorithm === 'sha256' ? findByContent(hex) : undefined;
  }

  /** No note tells the size, so the bytes themselves must. */
  async function findByContent(sha256: string): Promise<CachedFile | undefined> {
    const path = place(sha256);
    const found = await stat(path).catch(absent);
    if (found === undefined) return undefined;
    if ((await fileHash(path, 'sha256')) === sha256) return { path, size: found.size, sha256 };
    await rm(path, { force: true });
    return undefined;
  }

  async function keep(file: string, { url, size, hashes, proof }: FetchedBytes): Promise<CachedFile> {
    const path = place(hashes.sha256);
    await sync(file);
    await chmod(file, 0o444);
    await makeFolder(dirname(path));
    await rename(file, path);
    const entry: Entry = { url, size, hashes, proof };
    await write(note(url), `${JSON.stringify(entry, null, 2)}\n`);
    return { path, size, sha256: hashes.sha256 };
  }

  async function write(path: string, content: string): Promise<void> {
    const scratch = await partials.scratch();
    await makeFolder(dirname(path));
    await writeFileAtomically(path, join(scratch, 'text.partial'), content);
    await partials.discard(scratch);
  }

  async function recallBytes(url: string): Promise<Buffer | undefined> {
    const file = await recall(url);
    return file === undefined ? undefined : readFile(file.path);
  }

  async function keepBytes(url: string, bytes: Uint8Array): Promise<void> {
    const scratch = await partials.scratch();
    const file = join(scratch, 'document.partial');
    await using handle = await open(file, 'w');
    await inFile(file, handle.writeFile(bytes));
    const hashes = { sha256: hashOf(bytes) };
    await keep(file, { url, size: bytes.byteLength, hashes, proof: 'text' });
    await partials.discard(scratch);
  }

  return {
    folder,
    partials,
    recall,
    find,
    keep,
    recallBytes,
    keepBytes,
    recallText: async (url) => (await recallBytes(url))?.toString('utf8'),
    keepText: (url, text) => keepBytes(url, Buffer.from(text)),
  };
}

async function fileHash(path: string, algorithm: Expected['algorithm']): Promise<string | undefined> {
  const hash = hashing(algorithm);
  await feedFile(path, hash);
  return hash.hex()[algorithm];
}

/** Without it a power cut can leave a whole name on an empty file. */
async function sync(file: string): Promise<void> {
  await using handle = await open(file, 'r');
  await handle.sync();
}
