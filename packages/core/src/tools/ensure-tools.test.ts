import { chmod, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Report, silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { isAtLeast, toolVersions } from './ask-versions.ts';
import { ensureTools, missingTools, type ToolContext } from './ensure-tools.ts';
import { toolFor, tools, toolsFor } from './known-tools.ts';
import { withSystemFolders } from './search-path.ts';

// Programs of /usr/bin: a PATH of one temporary folder hides them, unlike those of /usr/sbin.
const wanted = ['xz', 'unsquashfs'] as const;

describe('ensureTools', () => {
  it('is silent when everything is there', async () => {
    const path = withSystemFolders(process.env['PATH'] ?? '');
    const said: string[] = [];
    await ensureTools(toolsFor('pack squashfs', 'read squashfs'), {
      exec: spawnExec({ ...process.env, PATH: path }),
      report: telling(said),
      path,
      isRoot: true,
    });
    expect(said).toEqual([]);
  });

  it('installs what is missing as root, and says what and why', async () => {
    await using machine = await fakeMachine({ 'apt-get': installing });
    const said: string[] = [];
    await ensureTools(wanted, { ...machine.ctx, report: telling(said) });
    expect(await machine.log()).toEqual([
      'noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 xz-utils squashfs-tools',
    ]);
    expect(said).toEqual([
      'Install xz-utils, squashfs-tools with apt-get',
      'xz (needed to unpack .xz archives)',
      'unsquashfs (needed to read squashfs images)',
    ]);
  });

  it('tells a package manager no token', async () => {
    const refusing = `[ -z "\${GITHUB_TOKEN:-}\${GH_TOKEN:-}" ] || exit 9; ${installing}`;
    await using machine = await fakeMachine({ 'apt-get': refusing });
    const PATH = [machine.ctx.path, '/usr/bin', '/bin'].join(delimiter);
    await ensureTools(wanted, {
      ...machine.ctx,
      exec: spawnExec({ PATH, GITHUB_TOKEN: 'x', GH_TOKEN: 'x' }),
    });
    expect(await machine.log()).toHaveLength(1);
  });

  it('renews the lists of packages only when a package is not in them', async () => {
    await using machine = await fakeMachine({
      'apt-get': `if [ "$1" = update ]; then touch "$HERE/updated"; exit 0; fi
        [ -e "$HERE/updated" ] || { echo "E: Unable to locate package xz-utils" >&2; exit 100; }
        ${installing}`,
    });
    await ensureTools(['xz'], machine.ctx);
    expect((await machine.log()).map((line) => line.split(' ')[2])).toEqual(['install', 'update', 'install']);
  });

  it('goes through sudo when it asks no password', async () => {
    await using machine = await fakeMachine({
      'apt-get': installing,
      sudo: '[ "$1" = -n ] || exit 1; shift; exec "$@"',
    });
    await ensureTools(['xz'], { ...machine.ctx, isRoot: false });
    expect(await machine.log()).toHaveLength(3);
  });

  it.each([
    ['apt-get', 'sudo apt-get install xz-utils squashfs-tools'],
    ['dnf', 'sudo dnf install xz squashfs-tools'],
    ['apk', 'sudo apk add xz squashfs-tools'],
    ['zypper', 'sudo zypper install xz squashfs'],
  ])('shows the command of %s when there is no way to root', async (manager, hint) => {
    await using machine = await fakeMachine({ [manager]: 'exit 1', sudo: 'exit 1' });
    await expect(ensureTools(wanted, { ...machine.ctx, isRoot: false })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('xz (needed to unpack .xz archives)'),
      hint: `run: ${hint}`,
    });
  });

  it('names the packages where it knows no package manager', async () => {
    await using machine = await fakeMachine({});
    await expect(ensureTools(['xz'], machine.ctx)).rejects.toMatchObject({
      hint: "install them with your package manager; Debian's packages are called xz-utils",
    });
  });

  it('passes on what a failing package manager says', async () => {
    await using machine = await fakeMachine({ 'apt-get': 'echo "E: disk full" >&2; exit 100' });
    await expect(ensureTools(['xz'], machine.ctx)).rejects.toThrow(
      'apt-get could not install xz-utils:\n  E: disk full',
    );
  });

  it('refuses a program that is too old', async () => {
    await using machine = await fakeMachine({ mksquashfs: 'echo "mksquashfs version 4.3 (2014/05/12)"' });
    await expect(ensureTools(['mksquashfs'], machine.ctx)).rejects.toThrow(
      'mksquashfs: expected version 4.5 or newer, got 4.3',
    );
  });
});

describe('toolVersions', () => {
  it('reads the version of every tool that is installed', async () => {
    const path = process.env['PATH'] ?? '';
    const programs = tools.map(({ program }) => program);
    const exec = spawnExec({ ...process.env });
    const versions = await toolVersions(programs, { exec, path });
    const missing = await missingTools(programs, path);
    for (const { program, version } of versions) {
      if (!missing.includes(program)) expect(`${program} ${version}`).toMatch(/ \d+\.\d+/);
    }
    expect(versions.map(({ program }) => program)).toEqual(programs);
  });

  it.each([
    ['4.5.1', '4.5', true],
    ['4.5', '4.5', true],
    ['4.4', '4.5', false],
    ['1.10', '1.9', true],
    ['4.14', '4.14.1', false],
  ])('holds %s against %s', (version, wish, expected) => {
    expect(isAtLeast(version, wish)).toBe(expected);
  });
});

describe('the table of tools', () => {
  it('names each program once and gives every format its tools', () => {
    expect(new Set(tools.map(({ program }) => program)).size).toBe(tools.length);
    expect(toolsFor('pack ext')).toEqual(['e2fsck']);
    expect(toolFor('gpg').packages.dnf).toBe('gnupg2');
  });
});

const installing = 'touch "$HERE/xz" "$HERE/unsquashfs" && chmod 755 "$HERE/xz" "$HERE/unsquashfs"';

/** A machine whose only programs of note are `scripts`, each of which also writes down how it was called. */
async function fakeMachine(scripts: Readonly<Record<string, string>>) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'machine-'));
  const log = join(folder.path, 'log');
  await writeFile(log, '');
  for (const [name, script] of Object.entries(scripts)) {
    const file = join(folder.path, name);
    const note = `echo "\${DEBIAN_FRONTEND:-interactive} ${name} $*" >> "$HERE/log"`;
    await writeFile(file, `#!/bin/sh\nHERE=${folder.path}\n${note}\n${script}\n`);
    await chmod(file, 0o755);
  }
  const ctx: ToolContext = {
    exec: spawnExec({ PATH: [folder.path, '/usr/bin', '/bin'].join(delimiter) }),
    report: silentReport,
    path: folder.path,
    isRoot: true,
  };
  return {
    ctx,
    log: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function telling(said: string[]): Report {
  return {
    ...silentReport,
    group: (title, work) => {
      said.push(title);
      return work();
    },
    info: (line) => {
      said.push(line);
    },
  };
}
