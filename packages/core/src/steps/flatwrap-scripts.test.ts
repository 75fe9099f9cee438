import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { createTree } from '../stage/tree.ts';
import { layOut, usualSides } from './flatwrap-layout.ts';
import { wrapperScript } from './flatwrap-scripts.ts';
import { flatwrap } from './flatwrap.ts';

const exec = spawnExec({ PATH: process.env['PATH'] });
/** What a shell would not read as one plain word. */
const hostile = [
  'x\ntouch PWNED\n',
  "x' ; touch PWNED ; '",
  'x" ; touch PWNED ; "',
  '$(touch PWNED)',
  '`touch PWNED`',
  'x;touch PWNED',
  'x&touch PWNED',
  'x|touch PWNED',
  'x\\',
  '*',
  '${IFS}',
  'x y',
];

describe('names of a foreign root', () => {
  it.each(hostile)('are refused as a program: %j', async (name) => {
    await using folder = await temporary();
    const root = join(folder.path, 'root');
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    writeFileSync(join(root, 'usr/bin', name), '');
    chmodSync(join(root, 'usr/bin', name), 0o755);
    const made = join(folder.path, 'made');
    mkdirSync(made);
    const request = { root, name: 'tool', entries: [`/usr/bin/${name}:/usr/bin/x`], sides: usualSides };
    expect(() => flatwrap(request, createTree(made))).toThrow(
      /expected a program in|expected an absolute path/,
    );
  });

  it.each(hostile)('are refused as the target of a link at the top: %j', async (target) => {
    await using folder = await temporary();
    symlinkSync(target, join(folder.path, 'lib'));
    expect(() => layOut(folder.path, usualSides)).toThrow('expected a link with a plain target');
  });

  it.each(hostile)('are refused as a folder on either side: %j', async (name) => {
    await using folder = await temporary();
    for (const side of ['chroot', 'host'] as const) {
      const sides = { ...usualSides, [side]: [`/${name}`] };
      expect(() => layOut(folder.path, sides)).toThrow('expected an absolute path of letters');
    }
  });
});

describe('wrapperScript', () => {
  it('hands arguments on as they are', async () => {
    await using folder = await temporary();
    const home = join(folder.path, 'usr/lib/flatwrap/tool');
    mkdirSync(home, { recursive: true });
    const script = join(folder.path, 'tool');
    writeFileSync(script, wrapperScript('tool', '/usr/bin/x'), { mode: 0o755 });
    writeFileSync(join(home, 'enter'), `#!/bin/sh\nprintf '%s\\0' "$@"\n`, { mode: 0o755 });
    const env = { FLATWRAP_ROOT: folder.path };
    const { stdout } = await exec.run(script, hostile, { cwd: folder.path, env });
    expect(stdout.split('\0').slice(0, -1)).toEqual(['/usr/bin/x', ...hostile]);
    expect(await readdir(folder.path)).not.toContain('PWNED');
  });
});

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'scripts-'));
}
