import { homedir } from 'node:os';
import { join } from 'node:path';
import { openBakery } from '@bakery/core/src/bakery/open-bakery.ts';
import { defaultFormat } from '@bakery/core/src/image/formats.ts';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { chooseOptions } from '@bakery/core/src/release/check/choose-options.ts';
import { createImage, type Created } from '@bakery/core/src/release/create/create.ts';
import { treeLines } from './upstream-mirror/tree-listing.ts';

/** Recipes that are for tests alone. */
export const testRecipes = join(import.meta.dirname, '../recipes');

/** Our own recipes and those for tests, with the real npm and apt as their upstreams unless its environment says otherwise. */
export interface TestBakery {
  latest(name: string): Promise<string>;
  /** Makes an image, fast rather than small, and prints a line about it. */
  create(build: TestBuild): Promise<Created>;
}

export interface TestBuild {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
}

/** Opens the bakery with its cache, scratch files and images below `folder`; `more` is added to the environment. */
export async function testBakery(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<TestBakery> {
  const env = { ...process.env, ...more, XDG_CACHE_HOME: join(folder, 'cache') };
  const bakery = await openBakery(
    { recipes: [testRecipes] },
    {
      env,
      cwd: folder,
      homedir: homedir(),
      tmpdir: folder,
      isRoot: true,
      ownRecipes: join(import.meta.dirname, '../../../recipes'),
      exec: spawnExec(env),
      report: silentReport,
    },
  );
  return {
    latest: async (name) => {
      const [latest] = await bakery.upstream.latest(name);
      if (latest === undefined) throw new Error(`${name}: expected a version`);
      return latest;
    },
    create: async ({ name, version, arch }) => {
      const loaded = await bakery.recipeBook.find(name);
      const { recipe } = loaded;
      const options = await chooseOptions(recipe, version, bakery.upstream);
      const output = join(folder, `${name}-${arch}.raw`);
      const settings = { format: defaultFormat, epoch: 0, compression: 'gzip', level: 1 };
      const created = await createImage({ loaded, version, arch, options, settings, output }, bakery.create);
      process.stdout.write(`${name} ${version} for ${arch}: ${treeLines(output).length} entries\n`);
      return created;
    },
  };
}
