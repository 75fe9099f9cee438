/**
 * Seconds that a build job spends on the gate, per recipe: `pnpm bench gate [ROUNDS]`. Each recipe is built with the
 * stand-ins its tests have for upstream, those from npm with the real programs; recipes that compile something are left out.
 * Ends with 1 when a recipe without services takes more than 5 s.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultArch } from '@bakery/core/names.ts';
import { ImageInputs } from '@bakery/core/provenance.ts';
import { loadRecipeBook } from '@bakery/core/recipe.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { allChecks, countsOf, type HostContext, thisHost, tryImages } from '@bakery/core/trial.ts';
import { fixtureFolder, loadFixture } from '@bakery/testbed/upstream-mirror/fixture.ts';
import { startUpstreamMirror } from '@bakery/testbed/upstream-mirror/start-upstream-mirror.ts';
import { npmSettings } from '../e2e/npm-settings.ts';
import { type BakeryRuns, bakeryRuns, type Ran } from '../e2e/recipes/bakery-run.ts';

const budget = 5; // seconds
const rounds = Number(process.argv[3] ?? 3);
const recipes = join(import.meta.dirname, '../../../recipes');
const path = process.env['PATH'] ?? '';
const exec = spawnExec(process.env);
const context = { exec, path, isRoot: process.getuid?.() === 0, temporary: tmpdir() };

const fromNpm = { bun: '1.4.5', deno: '2.9.5', nodejs: '24.21.0' };
const fromMirror = readdirSync(fixtureFolder)
  .map((file) => file.replace(/\.yaml$/, ''))
  .filter((name) => !existsSync(join(recipes, name, 'build.sh')));

const taken: { readonly name: string; readonly seconds: number; readonly hasServices: boolean }[] = [];
for (const [name, version] of Object.entries(fromNpm)) {
  await using runs = await bakeryRuns(recipes, { ...npmSettings(process.env), HOME: homedir() });
  const real = { mirrors: '', standIns: new Map(), sigstoreRoot: async () => undefined };
  await measure(name, version, await create(name, version, runs, real));
}
for (const name of fromMirror) {
  const { versions, builds = [] } = await loadFixture(name);
  await using runs = await bakeryRuns(recipes);
  await using mirror = await startUpstreamMirror([name]);
  const version = builds[0]?.version ?? versions[0] ?? '';
  await measure(name, version, await create(name, version, runs, mirror));
}

for (const hasServices of [false, true]) {
  const seconds = taken.filter((one) => one.hasServices === hasServices).map((one) => one.seconds);
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => at(seconds, share).toFixed(2));
  const whose = hasServices ? 'with services' : 'without services';
  process.stdout.write(`${seconds.length} ${whose}: median ${median} s, p95 ${p95} s, most ${most} s\n`);
}
if (taken.some(({ seconds, hasServices }) => !hasServices && seconds > budget)) process.exitCode = 1;

type Mirror = Parameters<BakeryRuns['run']>[1];

async function create(name: string, version: string, runs: BakeryRuns, mirror: Mirror): Promise<Ran> {
  const ran = await runs.run(['create', name, version, '--arch', defaultArch, '--level', '1'], mirror);
  if (ran.code !== 0) throw new Error(`${name}: expected an image, got ${ran.err}`);
  return ran;
}

/** From an image to its verdict, as a job that builds one image does it. */
async function measure(name: string, version: string, { folder }: Ran): Promise<void> {
  const loaded = await (await loadRecipeBook([join(folder, 'recipes')])).find(name);
  const record = await readFile(join(folder, `${name}.inputs.json`), 'utf8');
  const { options } = ImageInputs.parse(JSON.parse(record));
  const image = {
    path: join(folder, `${name}.raw`),
    recipeOf: async () => ({ loaded, version, options }),
  };
  const seconds: number[] = [];
  let counts = '';
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const trial = await tryImages([image], await thisHost(context satisfies HostContext), context);
    seconds.push((performance.now() - started) / 1000);
    const { failed, passed, skipped } = countsOf(allChecks(trial));
    counts = `${failed} failed, ${passed} passed, ${skipped} skipped`;
  }
  taken.push({ name, seconds: at(seconds, 0.5), hasServices: loaded.recipe.units.length > 0 });
  process.stdout.write(`${name.padEnd(18)} ${at(seconds, 0.5).toFixed(2)} s  ${counts}\n`);
}

/** The value that a share of all are not above. */
function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
