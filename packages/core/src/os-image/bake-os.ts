import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownedFolder, removeAbandoned } from '../lifetime/owned-folder.ts';
import { provisionalFolder } from '../lifetime/provisional-folder.ts';
import type { Exec } from '../ports/exec.ts';
import type { Report } from '../ports/report.ts';
import { runChecked } from '../ports/run-checked.ts';
import type { Compression } from '../stage/compression.ts';
import type { DiskFormat } from './disk-format.ts';
import { type Extension, type InstallTo, layoutOf } from './layout.ts';
import { findPartition, partitionsOf } from './partitions.ts';
import { unpackDisk } from './unpack-disk.ts';
import { writeLayout } from './write-layout.ts';

export interface BakeOs {
  /** A whole disk; never changed. */
  readonly image: string;
  readonly format: DiskFormat;
  /** How the image is packed; none by default. */
  readonly compression?: Compression;
  /** Where the new disk goes, in the same format. */
  readonly output: string;
  readonly extensions: readonly Extension[];
  readonly installTo: InstallTo;
}

const partialPrefix = '.bake-os-';

/** Puts extensions into a copy of an OS image. The copy has its name only once all is written and read back. */
export async function bakeOs(
  { image, format, compression = 'none', output, extensions, installTo }: BakeOs,
  { exec, report, tmpdir }: { readonly exec: Exec; readonly report: Report; readonly tmpdir: string },
): Promise<void> {
  const parent = dirname(output);
  await using _parent = await provisionalFolder(parent);
  await removeAbandoned(parent, partialPrefix);
  await using partial = await ownedFolder(parent, partialPrefix);
  const disk = join(partial.path, 'disk');
  const layouts = layoutOf(extensions, installTo);
  // A disk that is none is not copied first.
  if (compression === 'none' && format === 'raw') {
    const there = await partitionsOf(image, image, { exec });
    for (const role of layouts.keys()) findPartition(there, role, image);
  }
  await report.group(compression === 'none' ? `Copy ${basename(image)}` : 'Unpack the disk', () => {
    if (compression !== 'none') return unpackDisk(image, compression, disk, { exec });
    if (format === 'raw') return copySparse(exec, image, disk);
    return convert(exec, image, 'qcow2', disk, 'raw');
  });
  const partitions = await partitionsOf(disk, image, { exec });
  for (const [role, layout] of layouts) {
    const partition = findPartition(partitions, role, image);
    await report.group(`Write to partition ${partition.name || role}`, () =>
      writeLayout(disk, partition, layout, { exec, tmpdir }),
    );
  }
  const done = join(partial.path, basename(output));
  if (format === 'raw') return await rename(disk, output);
  await convert(exec, disk, 'raw', done, 'qcow2');
  await rename(done, output);
}

/** What is a hole in a disk stays one: copyFile of Node.js would write all of it. */
async function copySparse(exec: Exec, from: string, to: string): Promise<void> {
  await runChecked(exec, 'cp', ['--sparse=always', '--reflink=auto', '--', from, to]);
}

async function convert(
  exec: Exec,
  from: string,
  input: DiskFormat,
  to: string,
  output: DiskFormat,
): Promise<void> {
  await runChecked(exec, 'qemu-img', ['convert', '-f', input, '-O', output, '--', from, to]);
}
