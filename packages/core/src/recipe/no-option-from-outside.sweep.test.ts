import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { textsOf, textsOfSchema, withText } from '../../testing/every-text-of-a-recipe.ts';
import { recipesWithEverything } from '../../testing/recipes-with-everything.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { packArgs, parseNpmUrl, viewArgs } from '../fetch/npm.ts';
import type { Exec, Finished } from '../ports/exec.ts';
import { silentReport } from '../ports/report.ts';
import { createTree } from '../stage/tree.ts';
import { runBuilds } from '../steps/run-builds.ts';
import { listVersions } from '../versions/sources/sources.ts';
import { expandRecipe } from './expand.ts';
import { loadRecipe } from './load.ts';
import type { LoadedRecipe } from './loaded.ts';

const hostile = [
  '-evil',
  '--evil=y',
  'a\n-evil',
  '\0',
  '$(evil)',
  'evil b',
  'ext::sh -c evil',
  'file:../evil',
  './evil.deb',
];
const recipes = recipesWithEverything();
/** What all recipes have in common is tried in one of them. */
const places = [
  ...new Map(
    recipes.flatMap((recipe) =>
      textsOf(recipe).map((text) => [`${text.pattern} ${JSON.stringify(text.value)}`, { recipe, ...text }]),
    ),
  ).values(),
];
const place = /(^|\n)recipe\.yaml:\d+:\d+ /;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakery-options-'));
  for (const engine of ['podman', 'skopeo', 'umoci']) {
    const bin = join(folder, 'bin', engine);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, engine), '', { mode: 0o755 });
  }
  await mkdir(join(folder, 'demo/files/usr'), { recursive: true });
  for (const file of ['build.sh', 'fix.patch', 'keys.asc']) await writeFile(join(folder, 'demo', file), '');
  await writeFile(join(folder, 'source.tar'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('is tried with every text the format has', () => {
  const tried = new Set(places.map(({ pattern }) => pattern));
  expect([...textsOfSchema()].filter((pattern) => !tried.has(pattern))).toEqual([]);
});

describe.each(hostile)('%j in the place of any text of a recipe', (text) => {
  it('is refused with its place, or is no option of a program', async () => {
    for (const { recipe, at, isKey } of places) {
      const loaded = await load(withText(recipe, at, isKey, text));
      if (loaded !== undefined) await expectNoOption(loaded, {}, text, at.join('.'));
    }
  });
});

// What an option can be at all: anything that a path, an address and a file name can carry.
describe.each(['-evil', 'dir:/evil', '..', ''])('an option of %j in the place of any text', (text) => {
  it('is refused with its place, or is no option of a program', async () => {
    for (const { recipe, at } of places.filter(({ isKey }) => !isKey)) {
      const loaded = await load(withText(recipe, at, false, '{color}'));
      if (loaded !== undefined) await expectNoOption(loaded, { color: text }, text, at.join('.'));
    }
  });
});

async function load(recipe: object): Promise<LoadedRecipe | undefined> {
  await writeFile(join(folder, 'demo/recipe.yaml'), stringify(recipe));
  try {
    return await loadRecipe(join(folder, 'demo'), join(folder, 'demo'));
  } catch (error) {
    expectPlace(error);
    return undefined;
  }
}

/** Whatever the programs answer, what they are asked must be safe. */
async function expectNoOption(
  loaded: LoadedRecipe,
  chosen: Readonly<Record<string, string>>,
  text: string,
  where: string,
): Promise<void> {
  for (const argv of await commandsOf(loaded, chosen)) {
    const end = argv.indexOf('--');
    const before = end === -1 ? argv : argv.slice(0, end);
    const foreign = before.filter((arg, index) => isForeign(arg, text) && argv[index - 1] !== '--env');
    expect({ where, foreign, argv }).toEqual({ where, foreign: [], argv });
    expect({ where, argv: argv.filter((arg) => arg.includes('\0')) }).toEqual({ where, argv: [] });
  }
}

/** An option, part of one that the program splits, or a file of this machine. */
function isForeign(arg: string, text: string): boolean {
  if (text === '') return arg === '' || /^--include=($|.*,)/.test(arg);
  if (text === '..') return false;
  return arg.startsWith(text) || (/^--include=|^[\w.-]+=/.test(arg) && arg.includes(text));
}

async function commandsOf(
  loaded: LoadedRecipe,
  chosen: Readonly<Record<string, string>>,
): Promise<readonly (readonly string[])[]> {
  const asked: string[][] = [];
  const options = { plugin: 'a', color: 'red', size: 'small', ...chosen };
  try {
    const archTokens = loaded.recipe.arch;
    const exec = recordingExec(asked);
    const ports = { exec, http: { get: unreached, bytes: unreached, text: unreached }, report: silentReport };
    await quietly(() => listVersions(loaded.recipe.versions, { ports, archTokens }));
    const plan = expandRecipe(loaded, { version: '1.0.0', arch: 'x86-64', options });
    for (const { url } of plan.downloads.filter(({ url: one }) => one.startsWith('npm:'))) {
      const wanted = parseNpmUrl(url);
      asked.push(viewArgs(wanted, []), packArgs(wanted, '/folder', []));
    }
    for (const engine of plan.builds.length === 0 ? [] : ['podman', 'skopeo:umoci']) {
      await quietly(async () => {
        const root = await mkdtemp(join(folder, 'build-'));
        const path = engine
          .split(':')
          .map((one) => join(folder, 'bin', one))
          .join(':');
        await runBuilds(plan.builds, createTree(root), {
          ports,
          path,
          isRoot: true,
          name: 'demo',
          version: '1.0.0',
          arch: 'x86-64',
          images: [],
          mirrors: [],
          offline: false,
          logs: folder,
          recipeFolder: loaded.folder,
          scratch: join(root, 'scratch'),
          epoch: 1,
          jobs: 1,
          artifact: () => ({ ...fetched, path: join(folder, 'source.tar') }),
        }).finally(() => rm(root, { recursive: true, force: true }));
      });
    }
  } catch (error) {
    expectPlace(error);
  }
  return asked;
}

function expectPlace(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  expect(error.message).toMatch(place);
}

/** Programs answer nothing that makes sense, so steps end early, by complaints. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

const fetched = {
  size: 0,
  sha256: 'c'.repeat(64),
  url: 'https://example.org/source.tar',
  proof: { kind: 'none', reason: 'a test' },
} as const;

function recordingExec(asked: string[][]): Exec {
  return {
    async run(program, args) {
      asked.push([program, ...args]);
      const [, layout] = /^oci:(.*):image$/.exec(args.at(-1) ?? '') ?? [];
      if (layout !== undefined) await writeFile(join(layout, 'index.json'), '{"manifests":[{"digest":"x"}]}');
      return answer(args);
    },
    filter(program, args) {
      asked.push([program, ...args]);
      return Readable.from([]);
    },
  };
}

/** Enough for a step to go on: an image that is there, a ref that is a commit. */
function answer(args: readonly string[]): Finished {
  const commit = 'b'.repeat(40);
  if (args.includes('inspect')) return finished(`sha256:${'a'.repeat(64)} linux/amd64`);
  if (args.includes('ls-remote')) return finished(args.map((arg) => `${commit}\t${arg}\n`).join(''));
  if (args.includes('rev-parse')) return finished(commit);
  return finished('');
}

function finished(stdout: string): Finished {
  return { code: 0, stdout, stderr: '' };
}

function unreached(): Promise<never> {
  return Promise.reject(new UserError('fetch.unreachable', 'there is no network'));
}
