import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { UserError } from '../../user-error.ts';
import { mirrored, type Mirrors } from '../mirrors.ts';

export interface TrustedRootOptions {
  /** Where its files are kept between runs. */
  readonly folder: string;
  readonly mirrors: Mirrors;
  readonly offline: boolean;
  /** The first root.json to believe in, instead of the one that comes with Sigstore’s library. */
  readonly root?: Uint8Array;
}

const home = 'https://tuf-repo-cdn.sigstore.dev';

/** Whom public Sigstore trusts now, from its TUF repository: every answer is signed, wherever it comes from. */
export async function sigstoreRoot(options: TrustedRootOptions): Promise<TrustedRoot> {
  const { folder, mirrors, offline } = options;
  const { getTrustedRoot } = await import('@sigstore/tuf');
  const mirrorURL = mirrored(`${home}/`, mirrors).replace(/\/$/, '');
  await mkdir(folder, { recursive: true });
  const first = await mkdtemp(join(folder, 'first-'));
  try {
    const rootPath = join(first, 'root.json');
    await writeFile(rootPath, options.root ?? (await seed()));
    return await getTrustedRoot({ cachePath: folder, rootPath, mirrorURL, forceCache: offline });
  } catch (cause) {
    throw new UserError(`${mirrorURL}: expected Sigstore’s roots of trust, got: ${reasonsOf(cause)}`, {
      cause,
      hint: offline ? 'run once without --offline' : 'a mirror of it must serve all of the TUF repository',
    });
  } finally {
    await rm(first, { recursive: true, force: true });
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
