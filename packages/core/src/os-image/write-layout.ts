import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import type { Exec } from '../ports/exec.ts';
import { lastLines } from '../ports/last-lines.ts';
import { runChecked } from '../ports/run-checked.ts';
import type { Layout } from './layout.ts';
import { compareScript, writeScript } from './partition-scripts.ts';
import type { Partition } from './partitions.ts';

/** Writes a layout into one partition of the raw disk at `image`, and reads it back. Needs root. */
export async function writeLayout(
  image: string,
  { offset, size, name }: Partition,
  layout: Layout,
  { exec, tmpdir }: { readonly exec: Exec; readonly tmpdir: string },
): Promise<void> {
  await using scratch = await scratchFolder(tmpdir);
  const tree = join(scratch.path, 'tree');
  const at = join(scratch.path, 'at');
  const tar = join(scratch.path, 'tar');
  await mkdir(at);
  await makeTree(tree, layout);
  const plain = [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
  ];
  await runChecked(exec, 'tar', [
    '--create',
    ...plain,
    `--file=${tar}`,
    `--directory=${tree}`,
    '--',
    ...pathsOf(layout),
  ]);
  const where = [image, String(offset), String(size), at, tar];
  const namespace = ['--mount', '--propagation', 'private', '--', '/bin/sh', '-c'];
  const written = await exec.run('unshare', [
    ...namespace,
    writeScript,
    'sh',
    ...where,
    ...foldersOf(layout),
  ]);
  if (written.code !== 0) {
    throw new UserError('os-image.write', `partition ${name}: cannot be written: ${lastLines(written)}`, {
      hint: 'extensions that are in the image already are not replaced; a full partition has to be made larger first',
    });
  }
  const compared = await exec.run('unshare', [...namespace, compareScript, 'sh', ...where]);
  if (compared.code !== 0) {
    throw new UserError(
      'os-image.write',
      `partition ${name}: is not as it was written: ${lastLines(compared)}`,
    );
  }
}

async function makeTree(tree: string, { copies, texts, links }: Layout): Promise<void> {
  const place = async (path: string): Promise<string> => {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    return join(tree, path);
  };
  for (const [path, from] of copies) await copyFile(from, await place(path));
  for (const [path, text] of texts) await writeFile(await place(path), text);
  for (const [path, to] of links) await symlink(to, await place(path));
}

/** From the top of the partition, without "/" in front. */
function pathsOf({ copies, texts, links }: Layout): string[] {
  return [...copies.keys(), ...texts.keys(), ...links.keys()].map((path) => path.slice(1));
}

/** Every folder of a layout, those above before those below. */
function foldersOf(layout: Layout): string[] {
  const folders = new Set<string>();
  for (const path of pathsOf(layout)) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      folders.add(folder);
  }
  return [...folders].toSorted();
}
