import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bakery, openBakery } from '../src/bakery/open-bakery.ts';
import { silentReport } from '../src/ports/report.ts';
import { spawnExec } from '../src/ports/spawn.ts';
import { type UpdatedMetadata, updateMetadata } from '../src/release/metadata/update-metadata.ts';
import type { FeedSigner } from '../src/signing/feed-signer.ts';
import { publishSample } from './sample-bakery.ts';

/** What a bakery signs with, and the file of public keys beside its bakery.yaml. */
export interface Keyed {
  readonly signingKey: string;
  readonly ring: Uint8Array;
}

/** A bakery in a folder, with a folder as its store and keys in its environment; for tests. */
export interface KeyedBakery extends AsyncDisposable {
  readonly folder: string;
  /** The folder that hosts are served. */
  readonly out: string;
  publish(name: string, version: string): Promise<void>;
  open(keys?: Keyed): Promise<Bakery>;
  /** `bakery metadata NAME…` with these keys, or by this signer. */
  update(by: Keyed | FeedSigner, names?: readonly string[]): Promise<UpdatedMetadata>;
  /** Replaces bakery.yaml. */
  configure(text: string): Promise<void>;
}

export async function keyedBakery(): Promise<KeyedBakery> {
  const temp = await mkdtempDisposable(join(tmpdir(), 'k-'));
  const folder = temp.path; // short, as gpg’s agent needs a path of at most 107 characters
  const [out, recipes, scratch] = ['out', 'recipes', 't'].map((name) => join(folder, name));
  if (out === undefined || recipes === undefined || scratch === undefined) throw new Error('three folders');
  await Promise.all([out, recipes, scratch].map((path) => mkdir(path)));
  const env = { PATH: process.env['PATH'], BAKERY_CACHE: join(folder, 'cache') };
  const place = { cwd: folder, homedir: folder, tmpdir: scratch, ownRecipes: recipes, isRoot: false };
  const io = { ...place, env, exec: spawnExec(process.env), report: silentReport };
  const open = async (keys?: Keyed): Promise<Bakery> => {
    if (keys === undefined) return openBakery({ store: 'dir:out' }, io);
    await writeFile(join(folder, 'import-pubring.gpg'), keys.ring);
    return openBakery({ store: 'dir:out' }, { ...io, env: { ...env, BAKERY_SIGNING_KEY: keys.signingKey } });
  };
  return {
    folder,
    out,
    open,
    publish: async (name, version) => publishSample((await open()).store, name, version),
    update: async (by, names = ['alpha']) =>
      'sign' in by
        ? updateMetadata(names, { ...(await open()), signer: () => Promise.resolve(by) })
        : updateMetadata(names, await open(by)),
    configure: (text) => writeFile(join(folder, 'bakery.yaml'), text),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}
