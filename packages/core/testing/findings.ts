import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkTree } from '../src/stage/check-tree.ts';

interface Thing {
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly link?: string;
}
/** Paths of an image, each with the content of a file or what else it is. One that ends in "/" is a folder. */
export type SampleTree = Readonly<Record<string, string | Buffer | Thing>>;

/** Findings on a tree, one a line: `error /path: message`. */
export async function findings(tree: SampleTree, arch: 'x86-64' | 'arm64' = 'x86-64'): Promise<string[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'check-'));
  for (const [path, told] of Object.entries(tree)) {
    const thing: Thing = typeof told === 'string' || Buffer.isBuffer(told) ? { content: told } : told;
    const place = join(folder.path, path);
    mkdirSync(dirname(place), { recursive: true });
    if (thing.link !== undefined) symlinkSync(thing.link, place);
    else if (path.endsWith('/')) mkdirSync(place, { recursive: true });
    else writeFileSync(place, thing.content ?? '');
    if (thing.mode !== undefined) chmodSync(place, thing.mode);
  }
  const found = await checkTree(folder.path, { name: 'tool', arch });
  return found.map(({ severity, place, message }) => `${severity} ${place.file}: ${message}`);
}
