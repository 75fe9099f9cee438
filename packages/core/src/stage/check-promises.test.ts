import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { elfOf } from '@bakery/testbed/archives.ts';
import { findings, type SampleTree } from '../../testing/findings.ts';
import { checkTree } from './check-tree.ts';

const units = '/usr/lib/systemd/system';
const program = { content: elfOf(62), mode: 0o755 };
const service = (...lines: string[]) => ['[Service]', ...lines, ''].join('\n');

describe('an image that cannot work', () => {
  it.each<[name: string, tree: SampleTree, wanted: string]>([
    [
      'a tree without content',
      { '/usr/lib/extension-release.d/extension-release.tool': '', '/usr/share/licenses/tool/LICENSE': '' },
      'error /usr: expected something beside extension-release and licences, got an empty image',
    ],
    [
      'a compressed file in place of a program',
      { '/usr/bin/tool': 'BZh91AY&SY' },
      'error /usr/bin/tool: expected a program, got bzip2 data',
    ],
    [
      'text in place of a program, behind a link',
      { '/usr/bin/tool': { link: '../lib/tool' }, '/usr/lib/tool': { content: 'hello', mode: 0o755 } },
      'error /usr/bin/tool: expected an ELF file or a script with "#!", got neither',
    ],
    [
      'a program of musl hosts',
      { '/usr/bin/tool': { content: elfOf(62, { loader: '/lib/ld-musl-x86_64.so.1' }), mode: 0o755 } },
      'error /usr/bin/tool: expected the loader of glibc hosts, /lib64/ld-linux-x86-64.so.2, or one in the image, got /lib/ld-musl-x86_64.so.1',
    ],
    [
      'a script for an interpreter of the machine that built it',
      { '/usr/bin/tool': { content: '#!/build/env/bin/python3\n', mode: 0o755 } },
      'error /usr/bin/tool: expected an interpreter of hosts or in the image, got "#!/build/env/bin/python3"',
    ],
    [
      'a script for an interpreter few hosts have',
      { '/usr/bin/tool': { content: '#!/usr/bin/env python3\n', mode: 0o755 } },
      'warning /usr/bin/tool: needs the interpreter python3, which is not in the image',
    ],
    [
      'an absolute link to a program that is nowhere',
      { '/usr/bin/tool': { link: '/opt/tool/bin/tool' } },
      'error /usr/bin/tool: points to nothing in the tree: "/opt/tool/bin/tool"',
    ],
    [
      'an absolute link to what a host may have',
      { '/usr/lib/tool/certs': { link: '/usr/share/ca-certificates' } },
      'warning /usr/lib/tool/certs: points to nothing in the tree',
    ],
    [
      'the list of kernel modules',
      { '/usr/lib/modules/6.12.1/modules.dep.bin': '' },
      'error /usr/lib/modules/6.12.1/modules.dep.bin: covers the host’s file of that name',
    ],
    ['a libc', { '/usr/lib/x86_64-linux-gnu/libc.so.6': '' }, 'every program of the host would load it'],
    ['a shell', { '/usr/bin/bash': program }, 'it replaces a program that the host’s own units call'],
    [
      'a variable in place of a program',
      { [`${units}/a.service`]: service('ExecStart=-${BIN} run') },
      `error ${units}/a.service: line 2, ExecStart: expected a program, got \${BIN}: systemd takes no variable there`,
    ],
    [
      'a missing program of a unit that merging starts',
      {
        [`${units}/tool.service`]: service('ExecStart=/usr/bin/tool'),
        [`${units}/multi-user.target.d/10-tool.conf`]: '[Unit]\nUpholds=tool.service\n',
      },
      `error ${units}/tool.service: line 2, ExecStart: expected the program /usr/bin/tool in the tree, got none, and merging starts the unit`,
    ],
    [
      'a missing program of a unit behind a socket that merging starts',
      {
        [`${units}/tool.service`]: service('ExecStart=/usr/bin/tool'),
        [`${units}/tool.socket`]: '[Socket]\nListenStream=/run/tool.sock\n',
        [`${units}/sockets.target.wants/tool.socket`]: { link: '../tool.socket' },
      },
      'and merging starts the unit',
    ],
  ])('is found out by %s', async (_name, tree, wanted) => {
    const found = await findings(tree);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(wanted);
  });

  it('holds an image to what its recipe says it runs', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'check-'));
    mkdirSync(join(folder.path, 'usr/bin'), { recursive: true });
    writeFileSync(join(folder.path, 'usr/bin/tool'), elfOf(62), { mode: 0o644 });
    const smoke = ['tool', 'toolctl', 'ls'].map((called) => ({ program: called, said: 'recipe.yaml:9:5' }));
    const found = await checkTree(folder.path, { name: 'tool', arch: 'x86-64', smoke });
    expect(found.map(({ place, message }) => `${place.file}: ${message}`)).toEqual([
      '/usr/bin/tool: recipe.yaml:9:5: expected the program that smoke runs to be an executable file',
      '/usr/bin/toolctl: recipe.yaml:9:5: expected the program that smoke runs, got none',
    ]);
  });
});
