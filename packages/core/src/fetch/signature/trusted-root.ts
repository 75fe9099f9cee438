import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import type { Cache } from '../cache.ts';
import { notCached } from '../from-cache.ts';
import { mirrored, type Mirrors } from '../mirrors.ts';

export interface TrustedRootOptions {
  /** Keeps between runs whom to trust, and what the TUF repository said last. */
  readonly cache: Cache;
  readonly mirrors: Mirrors;
  readonly offline: boolean;
  /** The first root.json to believe in, instead of the one that comes with Sigstore’s library. */
  readonly root?: Uint8Array;
}

const home = 'https://tuf-repo-cdn.sigstore.dev';
const kept = 'sigstore:trusted-root'; // no address, so that no download of a recipe can take its place in the cache

/** Whom public Sigstore trusts now, from its TUF repository: every answer is signed, wherever it comes from. */
export async function sigstoreRoot(options: TrustedRootOptions): Promise<TrustedRoot> {
  const { cache, mirrors, offline } = options;
  const { TrustedRoot: Root } = await import('@sigstore/protobuf-specs');
  if (offline) {
    // The library would ask all the same when what it remembers has expired, as after a week.
    const known = await cache.recallText(kept);
    if (known === undefined) throw notCached(home);
    return readRoot(Root, known);
  }
  const mirrorURL = mirrored(`${home}/`, mirrors).replace(/\/$/, '');
  const scratch = await cache.partials.scratch();
  try {
    const found = await askRepository(mirrorURL, scratch, options);
    await cache.keepText(kept, JSON.stringify(Root.toJSON(found)));
    return found;
  } finally {
    await cache.partials.discard(scratch);
  }
}

/**
 * The library writes into its files while it asks. They are a copy, so that a killed run leaves none half written
 * and runs at the same time do not read each other’s.
 */
async function askRepository(
  mirrorURL: string,
  scratch: string,
  { cache, root }: TrustedRootOptions,
): Promise<TrustedRoot> {
  const { getTrustedRoot } = await import('@sigstore/tuf');
  const cachePath = join(scratch, 'tuf');
  const state = `sigstore:state ${mirrorURL}`;
  await writeFiles(cachePath, (await cache.recallText(state)) ?? '{}');
  const rootPath = join(scratch, 'root.json');
  await writeFile(rootPath, root ?? (await seed()));
  const found = await getTrustedRoot({ cachePath, rootPath, mirrorURL }).catch((cause: unknown) => {
    throw new UserError(
      'fetch.trusted-root',
      `${mirrorURL}: expected Sigstore’s roots of trust, got: ${reasonsOf(cause)}`,
      {
        cause,
        hint: 'a mirror of it must serve all of the TUF repository',
      },
    );
  });
  await cache.keepText(state, await readFiles(cachePath));
  return found;
}

/** Path → text. */
const Files = z.record(z.string(), z.string());

/** What a disk damaged is asked for again. */
function readState(text: string): z.infer<typeof Files> {
  try {
    return Files.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function writeFiles(folder: string, text: string): Promise<void> {
  for (const [path, content] of Object.entries(readState(text))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function readFiles(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const read = async (path: string) => [relative(folder, path), await readFile(path, 'utf8')] as const;
  return JSON.stringify(Object.fromEntries(await Promise.all(paths.map(read))));
}

function readRoot(Root: { fromJSON(data: unknown): TrustedRoot }, text: string): TrustedRoot {
  try {
    return Root.fromJSON(JSON.parse(text));
  } catch {
    throw notCached(home);
  }
}

async function seed(): Promise<Buffer> {
  const { default: seeds } = await import('@sigstore/tuf/seeds.json', { with: { type: 'json' } });
  return Buffer.from(seeds[home]['root.json'], 'base64');
}

/** The library says “error refreshing TUF metadata”; what went wrong stands in the cause. */
function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonsOf(error.cause)}`;
}
