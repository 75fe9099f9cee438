import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imageTar, tools } from '@bakery/testbed/containers/image.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { spawnExec } from '../ports/spawn.ts';
import { createTree } from '../stage/tree.ts';
import { outputLimit } from './build-context.ts';
import { extractAll } from './extract-all.ts';
import { layOut, type Sides, usualSides } from './flatwrap-layout.ts';
import { enterScript } from './flatwrap-scripts.ts';
import { flatwrap } from './flatwrap.ts';

const exec = spawnExec({ PATH: process.env['PATH'] });
let stack: AsyncDisposableStack;
let folder: string;
let root: string;
beforeAll(async () => {
  const tar = await imageTar(tools, machineArch);
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'flatwrap-'))).path;
  chmodSync(folder, 0o755); // for other users
  root = join(folder, 'root');
  mkdirSync(root);
  await extractAll({ path: tar, format: 'tar', label: 'tools' }, root, outputLimit, { exec });
  writeFileSync(join(root, 'etc/who'), 'the root\n');
  mkdirSync(join(root, 'usr/lib/systemd/system'), { recursive: true });
  writeFileSync(join(root, 'usr/lib/systemd/system/tool.service'), '[Service]\nExecStart=/usr/bin/id\n');
});
afterAll(() => stack.disposeAsync());

const all = new Map<string, string>();
/** Made once for each choice of sides. */
function wrapped(sides: Partial<Sides> = {}): string {
  const key = JSON.stringify(sides);
  const known = all.get(key);
  if (known !== undefined) return known;
  const made = join(folder, `made-${all.size}`);
  all.set(key, made);
  mkdirSync(made);
  const entries = [
    '/usr/bin/id',
    '/bin/cat:/usr/bin/cat',
    '/usr/bin/pwd',
    '/usr/bin/ls',
    '/usr/lib/systemd/system/tool.service',
  ];
  const request = { root, name: 'tool', entries, sides: { ...usualSides, ...sides } };
  flatwrap(request, createTree(made));
  return made;
}

/** Who runs it and by which program, and the number of their user and group. */
const ways = [
  ['root', [], {}, '0', '0'],
  ['a user with bwrap', ['setpriv', '--reuid=1234', '--regid=2345', '--clear-groups'], {}, '1234', '2345'],
  [
    'a user without bwrap',
    ['setpriv', '--reuid=1234', '--regid=2345', '--clear-groups'],
    { NOBWRAP: '1' },
    '1234',
    '2345',
  ],
] as const;

describe.each(ways)('a wrapped program run by %s', (_who, prefix, env, user, group) => {
  async function run(made: string, ...command: string[]) {
    const [program = '', ...args] = [...prefix, join(made, 'usr/bin', command[0] ?? ''), ...command.slice(1)];
    return exec.run(program, args, { cwd: '/tmp', env: { ...env, FLATWRAP_ROOT: made } });
  }

  it('keeps user, group, folder and exit code', async () => {
    const made = wrapped();
    expect(await run(made, 'id', '-u')).toEqual({ code: 0, stdout: `${user}\n`, stderr: '' });
    expect(await run(made, 'id', '-g')).toMatchObject({ stdout: `${group}\n` });
    expect(await run(made, 'pwd')).toMatchObject({ stdout: '/tmp\n' });
    expect(await run(made, 'cat', '/no/such file')).toMatchObject({ code: 1 });
  });

  it('sees its own /usr, and /etc of the side that was chosen', async () => {
    expect((await run(wrapped(), 'ls', '/usr/bin')).stdout).toMatch(/^tcc$/m);
    expect((await run(wrapped(), 'ls', '/usr/bin')).stdout).not.toMatch(/^mksquashfs$/m);
    expect(await run(wrapped(), 'cat', '/etc/who')).toMatchObject({ code: 1 });
    expect(await run(wrapped({ etc: 'chroot' }), 'cat', '/etc/who')).toMatchObject({ stdout: 'the root\n' });
  });

  it('sees devices of the host, and only the folders it was given', async () => {
    const some = wrapped({ host: ['/dev', '/tmp'], home: 'chroot', var: 'chroot' });
    expect(await run(some, 'cat', '/dev/null')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await run(some, 'ls', '/')).stdout.split('\n')).not.toContain('proc');
  });

  it('starts in / when the folder it was started in is not there', async () => {
    const made = wrapped();
    const program = [...prefix, join(made, 'usr/bin/pwd')];
    const { stdout } = await exec.run(program[0] ?? '', program.slice(1), {
      cwd: '/opt',
      env: { ...env, FLATWRAP_ROOT: made, HOME: '/' },
    });
    expect(stdout).toBe('/\n');
  });
});

it('ships units as they are, for the host to read', () => {
  const unit = readFileSync(join(wrapped(), 'usr/lib/systemd/system/tool.service'), 'utf8');
  expect(unit).toBe('[Service]\nExecStart=/usr/bin/id\n');
});

it.each([
  [{ chroot: ['/usr', '/var/lib/tool'] }, 'below /var of the host'],
  [{ host: ['/etc'] }, 'expected /etc from one side, got both'],
  [{ host: ['/a b'] }, 'expected an absolute path of letters'],
  [{ host: ['/$(reboot)'] }, 'expected an absolute path of letters'],
])('refuses %j', (sides, message) => {
  mkdirSync(join(root, 'var/lib/tool'), { recursive: true });
  expect(() => layOut(root, { ...usualSides, ...sides })).toThrow(message);
});

it.each([
  ['an absolute link to a folder of this machine', (host: string) => host],
  ['a link that climbs out', (host: string) => `../../..${host}`],
  ['a folder behind two links', () => '/second'],
])('ships nothing of this machine for %s in the root', (what, target) => {
  const host = join(folder, `host of ${what}`.replaceAll(' ', '-'));
  const foreign = join(folder, `root of ${what}`.replaceAll(' ', '-'));
  mkdirSync(join(host, 'share'), { recursive: true });
  writeFileSync(join(host, 'share/text'), 'of the host');
  // The same place inside the root holds something else.
  mkdirSync(join(foreign, host, 'share'), { recursive: true });
  mkdirSync(join(foreign, 'bin'));
  writeFileSync(join(foreign, host, 'share/text'), 'of the root');
  writeFileSync(join(foreign, 'bin/tool'), '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync(target(host), join(foreign, 'usr'));
  symlinkSync(host, join(foreign, 'second'));
  const made = join(folder, `made of ${what}`.replaceAll(' ', '-'));
  mkdirSync(made);
  const sides = { ...usualSides, chroot: ['/usr/share', '/bin'] };
  flatwrap({ root: foreign, name: 'tool', entries: ['/bin/tool:/usr/bin/tool'], sides }, createTree(made));
  expect(readFileSync(join(made, 'usr/lib/flatwrap/tool/root/usr/share/text'), 'utf8')).toBe('of the root');
});

it('hands a link of the root to ln as no option', () => {
  const foreign = join(folder, 'root-with-option');
  mkdirSync(foreign);
  symlinkSync('-f', join(foreign, 'lib'));
  const parts = layOut(foreign, { ...usualSides, chroot: ['/lib'], host: [] });
  expect(enterScript('tool', parts)).toContain('ln -s -- -f "$top/lib"');
});
