import { mkdir, mkdtempDisposable, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inNewFolder } from './new-folder.ts';

let home: Awaited<ReturnType<typeof mkdtempDisposable>>;
const at = (name: string): string => join(home.path, name);
beforeEach(async () => {
  home = await mkdtempDisposable(join(tmpdir(), 'new-folder-'));
  await mkdir(at('empty'));
  await mkdir(at('full'));
  await writeFile(at('full/mine'), 'mine');
  await symlink('empty', at('link'));
  await symlink('full', at('taken'));
});
afterEach(() => home.remove());

const fill = (name: string) => () => writeFile(join(at(name), 'page'), 'page');
const fail = (name: string) => async (): Promise<never> => {
  await fill(name)();
  throw new Error('no space');
};

describe('a folder to be filled', () => {
  it.each(['new', 'empty', 'link'])('may be %s', async (name) => {
    await inNewFolder(at(name), name, fill(name));
    expect(await readdir(at(name))).toEqual(['page']);
  });

  it.each(['full', 'taken'])('is refused where something is in it already: %s', async (name) => {
    await expect(inNewFolder(at(name), name, fill(name))).rejects.toThrow('or an empty one');
    expect(await readdir(at('full'))).toEqual(['mine']);
  });

  it('is as it was when the work fails: gone, or empty, and a symlink is one still', async () => {
    for (const name of ['new', 'empty', 'link'])
      await expect(inNewFolder(at(name), name, fail(name))).rejects.toThrow('no space');
    expect((await readdir(home.path)).toSorted()).toEqual(['empty', 'full', 'link', 'taken']);
    expect(await readdir(at('empty'))).toEqual([]);
    expect(await readlink(at('link'))).toBe('empty');
  });
});
