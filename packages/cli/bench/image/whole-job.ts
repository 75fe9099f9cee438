import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { showTable } from '../../src/table.ts';
import { plainOptions } from './defaults.ts';
import { sampleArchive, type SampleArchive } from './sample-archive.ts';
import { median, secondsOf } from './stopwatch.ts';

const rounds = 3;
const trees = [10, 100, 1000]; // MB
const program = join(import.meta.dirname, '../../src/main.ts');

/** `bakery create` with an empty cache against curl + tar + mksquashfs at the same compression, over loopback. */
export async function compareWholeJob(work: string, say: (text: string) => void): Promise<void> {
  const rows: string[][] = [];
  for (const megabytes of trees) {
    const served = join(work, `served-${megabytes}`);
    await mkdir(served);
    const archive = await sampleArchive(served, megabytes);
    await using server = await serveFolder(served);
    const url = `${server.url}sample-${megabytes}.tar.gz`;
    const recipe = await writeRecipe(work, url, archive);
    const plain: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await plainJob(join(work, 'plain'), url));
      ours.push(await bakeryJob(join(work, 'ours'), recipe));
    }
    const [theirs, own] = [median(plain), median(ours)];
    const target = 1.1 * theirs + 0.5;
    rows.push([
      `${megabytes} MB`,
      ...[theirs, own, target].map((seconds) => seconds.toFixed(2)),
      (own / theirs).toFixed(2),
      own <= target ? 'yes' : 'no',
    ]);
    await rm(served, { recursive: true });
  }
  say('\ndownload, unpack and pack at equal compression (target: 1.10 × plain + 0.5 s)\n');
  say(showTable([['TREE', 'PLAIN S', 'OURS S', 'TARGET S', 'RATIO', 'MET'], ...rows]));
}

async function writeRecipe(work: string, url: string, { sha256 }: SampleArchive): Promise<string> {
  const folder = join(work, 'recipes', 'sample');
  await mkdir(folder, { recursive: true });
  const recipe = {
    recipe: 1,
    name: 'sample',
    summary: 'a tree to measure with',
    homepage: 'https://example.org',
    license: 'CC0-1.0',
    versions: { from: 'pinned', versions: ['1'] },
    arch: { 'x86-64': 'x64' },
    artifacts: [{ url, integrity: `sha256:${sha256}`, unpack: { top: 'usr', into: '/usr' } }],
  };
  await writeFile(join(folder, 'recipe.yaml'), JSON.stringify(recipe)); // YAML holds JSON
  return folder;
}

async function plainJob(work: string, url: string): Promise<number> {
  const [archive, tree] = [join(work, 'sample.tar.gz'), join(work, 'tree')];
  await mkdir(tree, { recursive: true });
  const seconds = [
    await secondsOf('curl', ['-fsSo', archive, url]),
    await secondsOf('tar', ['xzf', archive, '-C', tree]),
    await secondsOf('mksquashfs', [tree, join(work, 'sample.raw'), ...plainOptions]),
  ];
  await rm(work, { recursive: true });
  return seconds.reduce((sum, one) => sum + one);
}

async function bakeryJob(work: string, recipe: string): Promise<number> {
  await mkdir(work, { recursive: true });
  const words = [
    'create',
    'sample',
    '1',
    '--recipes',
    recipe,
    '--compression',
    'gzip',
    '--block-size',
    '128K',
  ];
  const node = ['--disable-warning=ExperimentalWarning', program];
  const seconds = await secondsOf(process.execPath, [...node, ...words], {
    cwd: work,
    // No download is kept from the round before; the program is, as on any machine that ran it once.
    env: { BAKERY_CACHE: join(work, 'cache'), NODE_COMPILE_CACHE: join(work, '../compiled') },
  });
  await rm(work, { recursive: true });
  return seconds;
}
