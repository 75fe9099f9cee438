import { mkdtempDisposable, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { imageToTry, type Planted } from '../../testing/image-to-try.ts';
import type { Arch } from '../names/arch.ts';
import { spawnExec } from '../ports/spawn.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import type { Host } from './host.ts';
import { allChecks, type Check, type Trial } from './outcome.ts';
import { showTrial } from './show-trial.ts';
import { thisHost } from './this-host.ts';
import { tryImages } from './try-images.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const exec = spawnExec({ ...process.env, PATH: path });
const context = { exec, path, isRoot: true, temporary: tmpdir() };
const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const other: Arch = arch === 'arm64' ? 'x86-64' : 'arm64';

let host: Host;
beforeAll(async () => {
  host = await thisHost(context);
});

async function tried(...planted: readonly Planted[]): Promise<Trial> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'trial-'));
  const images = [];
  for (const one of planted) images.push(await imageToTry(folder.path, { arch, ...one }, context));
  return await tryImages(images, host, context);
}

function failures(trial: Trial): readonly (readonly [string, string])[] {
  return allChecks(trial)
    .filter(({ result }) => result === 'failed')
    .map(({ what, said }) => [what, said.join('\n')]);
}

function resultOf(trial: Trial, what: string): Check['result'] | undefined {
  return allChecks(trial).find((check) => check.what === what)?.result;
}

const units = 'usr/lib/systemd/system';
const unit = (lines: string): string => `[Unit]\nDescription=Planted\n[Service]\n${lines}\n`;

/** A program of this machine that wants a library nobody has. */
async function unsatisfied(): Promise<Buffer> {
  const bytes = await readFile(await realpath('/usr/bin/true'));
  bytes.write('libq.so.6\0', bytes.indexOf('libc.so.6\0'), 'latin1');
  return bytes;
}

describe('an image on this machine', () => {
  it('passes with all that extensions have', async () => {
    const trial = await tried({
      files: {
        'usr/bin/copy': await readFile(await realpath('/usr/bin/true')),
        [`${units}/planted.service`]: unit('ExecStart=/usr/bin/planted\nUser=planted\nGroup=planted'),
        'usr/lib/sysusers.d/planted.conf': 'u planted - "Planted" /var/lib/planted\n',
        'usr/lib/tmpfiles.d/planted.conf':
          'd /var/lib/planted 0750 planted planted\nL /etc/planted - - - - /usr/share/planted\n',
      },
      recipe: "smoke:\n  - { run: planted, prints: '{version}' }\n  - { run: copy, matches: '^$' }\n",
    });
    expect(failures(trial)).toEqual([]);
    expect(allChecks(trial).filter(({ result }) => result === 'skipped')).toEqual([]);
    expect(resultOf(trial, 'planted')).toBe('passed');
  });

  it('is seen by nobody else', async () => {
    const trial = await tried({
      files: {
        'usr/bin/planted':
          '#!/bin/sh\ncat /proc/self/mountinfo; id -u; ls -A /root /home; echo "$HOME $TOKEN"\n',
      },
      recipe:
        "smoke: [{ run: planted, matches: '/usr [^]* overlay [^]*\\n65534\\n/home:\\n\\n/root:\\n/tmp \\n$' }]\n",
    });
    expect(failures(trial)).toEqual([]);
    expect(await host.kindAt('/usr/bin/planted')).toBeUndefined();
  });

  it.each<[string, () => Promise<Planted> | Planted, string, string]>([
    [
      'a folder in place of a file',
      () => ({ files: { 'usr/lib/os-release/x': 'x' } }),
      'takes nothing from the host',
      '/usr/lib/os-release: the host has a file there, which a folder hides',
    ],
    [
      '/usr/sbin as a folder',
      () => ({ files: { 'usr/sbin/planted': '#!/bin/sh\n' } }),
      'keeps the rules of extensions',
      '/usr/sbin',
    ],
    [
      'a missing library',
      async () => ({ files: { 'usr/bin/needy': await unsatisfied() } }),
      'programs find their loader and libraries',
      '/usr/bin/needy: libq.so.6 => not found',
    ],
    [
      'a unit with a missing program',
      () => ({ files: { [`${units}/planted.service`]: unit('ExecStart=/usr/bin/nowhere') } }),
      'units load',
      'Command /usr/bin/nowhere is not executable: No such file or directory',
    ],
    [
      'a unit whose user nobody makes',
      () => ({ files: { [`${units}/planted.service`]: unit('ExecStart=/usr/bin/planted\nUser=nowhere') } }),
      'users, groups and temporary files are made',
      `/${units}/planted.service: User=nowhere: neither the host nor the image makes it`,
    ],
    [
      'a line of tmpfiles.d nobody understands',
      () => ({ files: { 'usr/lib/tmpfiles.d/planted.conf': 'nonsense /var/lib/planted\n' } }),
      'users, groups and temporary files are made',
      'planted.conf:1',
    ],
    [
      'a program of another architecture',
      async () => {
        const bytes = await readFile(await realpath('/usr/bin/true'));
        bytes.writeUInt16LE(8, 18);
        return { files: { 'usr/bin/foreign': bytes } };
      },
      'keeps the rules of extensions',
      'got one for mips',
    ],
    [
      'the host’s libc',
      async () => ({ files: { [(await libc()).slice(1)]: 'not a library' } }),
      'takes nothing from the host',
      'every program of the host would load it instead of its own',
    ],
    [
      'what its recipe does not run to',
      () => ({ recipe: "smoke: [{ run: planted, prints: '2.0' }]\n" }),
      'planted',
      'expected it to print "2.0", got\nplanted 1.0',
    ],
    [
      'a program that fails',
      () => ({
        files: { 'usr/bin/planted': '#!/bin/sh\necho oh no >&2\nexit 3\n' },
        recipe: "smoke: [{ run: planted, prints: '1.0' }]\n",
      }),
      'planted',
      'expected exit code 0, got 3\noh no',
    ],
  ])('fails with %s', async (_, planted, what, said) => {
    const found = failures(await tried(await planted()));
    expect(found).toEqual(expect.arrayContaining([[what, expect.stringContaining(said)]]));
  });

  it('fails with a folder where the host has a link to all its programs', async () => {
    const linked: Host = {
      ...host,
      kindAt: async (at) => (at === '/usr/sbin' ? 'symlink' : host.kindAt(at)),
    };
    const trial = await tryOn(linked, { files: { 'usr/sbin/planted': '#!/bin/sh\n' } });
    expect(failures(trial)).toContainEqual([
      'takes nothing from the host',
      '/usr/sbin: the host has a symlink there, which a folder hides with all that it leads to',
    ]);
  });

  it('is not run when it replaces what the host runs to try it', async () => {
    const trial = await tried({
      files: { 'usr/bin/setpriv': '#!/bin/sh\n' },
      recipe: "smoke: [{ run: planted, prints: '1.0' }]\n",
    });
    expect(failures(trial)).toContainEqual([
      'takes nothing from the host',
      '/usr/bin/setpriv: it replaces a program that the host’s own units call',
    ]);
    expect(resultOf(trial, 'planted')).toBeUndefined();
    expect(resultOf(trial, 'runs on this host')).toBe('skipped');
  });

  it('is not run for another architecture that nothing emulates', async () => {
    const trial = await tryOn(
      { ...host, runs: [] },
      { arch: other, recipe: "smoke: [{ run: planted, prints: '1.0' }]\n" },
    );
    expect(failures(trial)).toEqual([]);
    expect(showTrial(trial)).toContain(
      `skipped planted: made for ${other}, and this ${arch} machine does not emulate it`,
    );
  });

  it('says for which system it is made', async () => {
    const planted = { release: 'ID=elsewhere\nSYSEXT_LEVEL=1.0' };
    expect(resultOf(await tryOn(host, planted), 'is for this host')).toBe('skipped');
    expect(resultOf(await tryOn({ ...host, isPristine: true }, planted), 'is for this host')).toBe('failed');
  });
});

describe('images together', () => {
  it('are not run when one of them takes what the host needs, and told which', async () => {
    const trial = await tried(
      { name: 'good', program: 'good', recipe: "smoke: [{ run: good, prints: '1.0' }]\n" },
      { files: { [(await libc()).slice(1)]: 'not a library' } },
    );
    expect(showTrial(trial).match(/^ +skipped .*$/gm)).toEqual([
      '  skipped runs on this host: planted takes what the host itself needs',
      '  skipped runs on this host: planted takes what the host itself needs',
    ]);
    expect(resultOf(trial, 'good')).toBeUndefined();
  });

  const conflict = 'conflicts: [{ name: rival, why: both are called planted }]\n';

  it('are told of conflicts and of files that both have', async () => {
    const trial = await tried({ recipe: conflict }, { name: 'rival' });
    expect(failures(trial)).toEqual([
      ['has no rival beside it', 'it conflicts with rival: both are called planted'],
      ['ships no file of planted', '/usr/bin/planted'],
    ]);
    expect(showTrial(trial)).toContain('has no rival beside it  (recipes/planted/recipe.yaml:8:13)');
  });

  it('are told of the versions they want of each other', async () => {
    const helper: Planted = { name: 'helper', program: 'helper' };
    expect(resultOf(await tried(wanting('1.0')), 'has helper 1.0 beside it')).toBe('skipped');
    expect(failures(await tried(wanting('1.0'), helper))).toEqual([]);
    expect(failures(await tried(wanting('2.0'), helper))).toEqual([
      ['has helper 2.0 beside it', 'expected helper 2.0, got 1.0'],
    ]);
  });
});

function wanting(version: string): Planted {
  return { recipe: `requires: [{ name: helper, version: '${version}' }]\n` };
}

async function tryOn(where: Host, planted: Planted): Promise<Trial> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'trial-'));
  return await tryImages([await imageToTry(folder.path, { arch, ...planted }, context)], where, context);
}

async function libc(): Promise<string> {
  const { stdout } = await exec.run('ldd', ['/usr/bin/true']);
  return await realpath(/=> (\S+libc\.so\.6)/.exec(stdout)?.[1] ?? '');
}
