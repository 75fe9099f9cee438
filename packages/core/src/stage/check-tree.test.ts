import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { elfOf } from '@bakery/testbed/archives.ts';
import { findings, type SampleTree } from '../../testing/findings.ts';
import { error } from '../diagnostics/diagnostic.ts';
import { checkTree } from './check-tree.ts';

const units = '/usr/lib/systemd/system';
const program = { content: elfOf(62), mode: 0o755 };
const service = (...lines: string[]) => ['[Service]', ...lines, ''].join('\n');

describe('checkTree', () => {
  it('finds nothing in a good tree', async () => {
    const good = {
      '/usr/bin/tool': program,
      '/usr/lib/extension-release.d/extension-release.tool': 'ID=_any\n',
      [`${units}/tool.service`]: service(
        'ExecStartPre=-+/usr/bin/mkdir -p /var/lib/tool',
        'ExecStartPre=mkdir -p /var/lib/tool',
        'ExecStart=/usr/bin/tool --config ${TOOL_CONFIG} $TOOL_OPTS',
        'ExecReload=/bin/kill -HUP $MAINPID',
        'User=tool',
        'NoNewPrivileges=yes',
      ),
      [`${units}/agent@.service`]: service('ExecStart=@/usr/bin/tool agent', 'DynamicUser=yes', 'User=agent'),
      [`${units}/multi-user.target.d/10-tool.conf`]: '[Unit]\nUpholds=tool.service agent@a.service\n',
      [`${units}/multi-user.target.wants/tool.service`]: { link: '../tool.service' },
      [`${units}/multi-user.target.upholds/agent@a.service`]: { link: '../agent@.service' },
      '/usr/lib/sysusers.d/tool.conf': 'u tool - "A tool" /var/lib/tool\n',
      '/usr/lib/tmpfiles.d/tool.conf': 'd /var/lib/tool\n',
      '/usr/libexec/volumes': { link: '/var/volumes' },
      '/opt/tool/probe.o': elfOf(247),
    };
    expect(await findings(good)).toEqual([]);
  });

  it.each<[name: string, tree: SampleTree, wanted: string]>([
    ['a folder that is not merged', { '/etc/x': '' }, 'error /etc: expected only /usr and /opt'],
    ['a file at the top', { '/README': '' }, 'error /README: expected only /usr and /opt'],
    ['/usr as a link', { '/usr': { link: '/opt' } }, 'error /usr: expected a folder'],
    ['/usr/sbin', { '/usr/sbin/tool': '' }, 'error /usr/sbin: expected programs in /usr/bin'],
    ['/usr/lib64', { '/usr/lib64/x': '' }, 'warning /usr/lib64: is a link on some hosts'],
    ['os-release', { '/usr/lib/os-release': '' }, 'error /usr/lib/os-release: tells which system a host is'],
    [
      'the extension-release of another',
      { '/usr/lib/extension-release.d/extension-release.other': '', '/usr/share/x': '' },
      'error /usr/lib/extension-release.d/extension-release.other: expected only extension-release.tool',
    ],
    [
      'a name with a newline',
      { '/usr/a\nb': '' },
      String.raw`error /usr/a\nb: expected a name without control characters`,
    ],
    [
      'a setuid file',
      { '/usr/bin/su': { content: '#!/bin/sh\n', mode: 0o4755 } },
      'error /usr/bin/su: expected no setuid, setgid or sticky bit, got mode 04755',
    ],
    [
      'a world-writable file',
      { '/usr/a': { mode: 0o666 } },
      'error /usr/a: expected it writable by root only, got mode 0666',
    ],
    [
      'a folder for root only',
      { '/usr/a/': { mode: 0o700 }, '/usr/share/x': '' },
      'warning /usr/a: other users cannot enter it: mode 0700',
    ],
    [
      'a dangling relative link',
      { '/usr/a': { link: 'b/c' } },
      'error /usr/a: points to nothing in the tree: "b/c" is /usr/b/c',
    ],
    ['a link in a circle', { '/usr/a': { link: 'a' } }, 'error /usr/a: points to nothing in the tree'],
    [
      'a relative link out',
      { '/usr/a': { link: '../etc/b' } },
      'error /usr/a: points out of the image: "../etc/b" is /etc/b',
    ],
    [
      'a link out through another link',
      { '/usr/x/d': { link: '/opt' }, '/opt/o': '', '/usr/x/l': { link: 'd/../etc/passwd' } },
      'error /usr/x/l: points out of the image: "d/../etc/passwd" is /etc/passwd',
    ],
    [
      'a program for arm64',
      { '/usr/bin/tool': elfOf(183) },
      'error /usr/bin/tool: expected an ELF file for x86-64, got one for arm64 (64 bit, little-endian)',
    ],
    [
      'a 32 bit library',
      { '/usr/lib/a.so': elfOf(3, { bits: 32 }) },
      'got one for i386 (32 bit, little-endian)',
    ],
    [
      'an x32 program',
      { '/usr/bin/a': elfOf(62, { bits: 32 }) },
      'got one for x86-64 (32 bit, little-endian)',
    ],
    [
      'a big-endian program',
      { '/usr/bin/a': elfOf(21, { order: 'big' }) },
      'got one for ppc64 (64 bit, big-endian)',
    ],
    ['a program for nobody', { '/usr/bin/a': elfOf(999) }, 'got one for machine 999'],
    [
      'a drop-in without .conf',
      { [`${units}/multi-user.target.d/bird.service`]: '' },
      'expected a drop-in that ends in ".conf"',
    ],
    [
      'a type-wide drop-in without .conf',
      { [`${units}/service.d/x`]: '' },
      'expected a drop-in that ends in ".conf"',
    ],
    ['a file among wants', { [`${units}/a.target.wants/b.service`]: '' }, 'expected a link to a unit'],
    [
      'a want of a unit that is not there',
      { [`${units}/a.target.wants/b.service`]: { link: '/usr/lib/systemd/system/b.service' } },
      `error ${units}/a.target.wants/b.service: expected a unit b.service in the tree, got none`,
    ],
    [
      'a program in /usr/sbin',
      { [`${units}/a.service`]: service('ExecStart=/usr/sbin/chronyd') },
      `error ${units}/a.service: line 2, ExecStart: expected a program in /usr/bin, got /usr/sbin/chronyd`,
    ],
    [
      'a program in /sbin of a drop-in',
      { [`${units}/a.service.d/x.conf`]: service('ExecStart=', 'ExecStart=-/sbin/a') },
      'line 3, ExecStart: expected a program in /usr/bin, got /sbin/a',
    ],
    [
      'a program not every host has',
      { [`${units}/a.service`]: service('ExecStartPre=/usr/bin/rsync -a x y') },
      'warning',
    ],
    [
      'a bare name not every host has',
      { [`${units}/a.service`]: service('ExecStart=rsync') },
      'expected the program rsync in the tree, got none; not every host has it',
    ],
    [
      'a program of its own that is missing',
      { '/usr/local/lib/systemd/system/a.service': service('ExecStart=/usr/local/bin/a run') },
      'error /usr/local/lib/systemd/system/a.service: line 2, ExecStart: expected the program /usr/local/bin/a in the tree, got none',
    ],
    [
      'the second of two commands',
      { [`${units}/a.service`]: service('ExecStart=/usr/bin/true ; /opt/a/b') },
      'expected the program /opt/a/b in the tree',
    ],
    [
      'a program nobody may run',
      { '/opt/a': { mode: 0o644 }, [`${units}/a.service`]: service('ExecStart=/opt/a') },
      'expected /opt/a to be an executable file',
    ],
    [
      'options in braces',
      { [`${units}/a.service`]: service('ExecStart=/usr/bin/sh ${CILIUM_INSTALL_ARGS}') },
      'warning /usr/lib/systemd/system/a.service: line 2, ExecStart: ${CILIUM_INSTALL_ARGS} is passed as one argument',
    ],
    [
      'a user nobody makes',
      { [`${units}/a.service`]: service('User=consul') },
      `error ${units}/a.service: User=consul: expected a line "u consul …"`,
    ],
    [
      'a group of that name only',
      { [`${units}/a.service`]: service('User=a'), '/usr/lib/sysusers.d/a.conf': 'g a -\n' },
      'User=a: expected a line',
    ],
    [
      'a boolean with a typo',
      { [`${units}/a.service`]: service('RemainAfterExit=fales') },
      'line 2, RemainAfterExit: expected yes or no, got "fales"',
    ],
    [
      'an upheld unit that is not there',
      { [`${units}/a.target.d/a.conf`]: '[Unit]\nUpholds=x.service\n' },
      'Upholds=x.service: expected that unit in the tree',
    ],
    [
      'a cut last line',
      { '/usr/lib/tmpfiles.d/a.conf': 'd /var/a' },
      'warning /usr/lib/tmpfiles.d/a.conf: expected a newline at its end',
    ],
  ])('reports %s', async (_name, tree, wanted) => {
    const found = await findings(tree);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(wanted);
  });

  it.each([
    ['a number', 'User=1000'],
    ['root', 'User=root'],
    ['a specifier', 'User=%i'],
  ])('accepts %s as a user', async (_name, line) => {
    expect(await findings({ [`${units}/a@.service`]: service(line) })).toEqual([]);
  });

  it('knows a dynamic user from a drop-in', async () => {
    const tree = {
      [`${units}/a.service`]: service('User=a'),
      [`${units}/a.service.d/x.conf`]: service('DynamicUser=true'),
    };
    expect(await findings(tree)).toEqual([]);
  });

  it('lists errors before warnings', async () => {
    const found = await findings({ '/usr/lib64/a': '', '/usr/sbin/a': '' });
    expect(found.map((line) => line.split(':')[0])).toEqual(['error /usr/sbin', 'warning /usr/lib64']);
  });

  it('reads real programs', async () => {
    const real = execFileSync('cat', [process.execPath], { maxBuffer: 2 ** 30 }).subarray(0, 100_000);
    const own = process.arch === 'arm64' ? 'arm64' : 'x86-64';
    expect(await findings({ '/usr/bin/node': real }, own)).toEqual([]);
    expect(await findings({ '/usr/bin/node': real }, own === 'arm64' ? 'x86-64' : 'arm64')).toHaveLength(1);
  });

  it('reports devices, pipes and sockets', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'check-'));
    mkdirSync(join(folder.path, 'usr'));
    execFileSync('mkfifo', [join(folder.path, 'usr/pipe')]);
    expect(await checkTree(folder.path, { name: 'tool', arch: 'arm64' })).toEqual([
      error(
        'tree.special-file',
        '/usr/pipe',
        'expected a file, folder or link, got a device, pipe or socket',
      ),
    ]);
  });
});
