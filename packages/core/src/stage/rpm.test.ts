import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { archiveFormat, toolsOfArchives } from './archive-format.ts';
import { createTree } from './tree.ts';
import { unpack } from './unpack.ts';

const exec = spawnExec(process.env);
const spec = `Name: tool
Version: 1.2.3
Release: 1
Summary: A tool
License: MIT
BuildArch: noarch
%description
A tool.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/share/tool
printf 'a program\\n' >%{buildroot}/usr/bin/tool
chmod 755 %{buildroot}/usr/bin/tool
ln -s ../../bin/tool %{buildroot}/usr/share/tool/link
%files
/usr/bin/tool
/usr/share/tool
`;

it.each(['w3.gzdio', 'w3.xzdio', 'w3.zstdio'])(
  'takes files and links out of a real package (%s)',
  async (payload) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'rpm-'));
    const path = await buildPackage(folder.path, payload);
    await mkdir(join(folder.path, 'tree'));
    const tree = createTree(join(folder.path, 'tree'));
    const files = [{ member: 'usr/**', target: { to: '/usr/' } }];
    const archive = { path, format: archiveFormat(path), label: 'tool.rpm' };
    await unpack(archive, { strip: 0, files, exclude: [], limit: 1024 ** 2 }, tree, { exec });
    expect(await readFile(join(folder.path, 'tree/usr/bin/tool'), 'utf8')).toBe('a program\n');
    expect(tree.written.get('/usr/bin/tool')).toMatchObject({ kind: 'file', mode: 0o755 });
    expect(tree.written.get('/usr/share/tool/link')?.kind).toBe('symlink');
  },
);

it('says what is no package', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'rpm-'));
  const path = join(folder.path, 'x.rpm');
  await writeFile(path, 'no package\n');
  await mkdir(join(folder.path, 'tree'));
  const tree = createTree(join(folder.path, 'tree'));
  const unpacking = { strip: 0, into: '/usr', exclude: [], limit: 1024 ** 2 };
  await expect(unpack({ path, format: 'rpm', label: 'x.rpm' }, unpacking, tree, { exec })).rejects.toThrow(
    /^x\.rpm: /,
  );
});

it('needs a program for it', () => {
  const place = { file: 'recipe.yaml', line: 1, column: 1 };
  const unpacking = { strip: 0, into: '/usr', exclude: [], limit: 1 };
  expect(toolsOfArchives([{ place, url: 'https://e.org/x.rpm', unpack: unpacking }])).toEqual(['bsdtar']);
});

async function buildPackage(folder: string, payload: string): Promise<string> {
  const file = join(folder, 'tool.spec');
  await writeFile(file, spec);
  const defines = [`_topdir ${folder}/top`, `_binary_payload ${payload}`].flatMap((text) => [
    '--define',
    text,
  ]);
  await runChecked(exec, 'rpmbuild', ['-bb', ...defines, file]);
  const built = join(folder, 'top/RPMS/noarch');
  const [name = ''] = await readdir(built);
  return join(built, name);
}
