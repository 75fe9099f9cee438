import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostProcess } from '@bakery/core/src/bakery/host-process.ts';
import { render } from '@bakery/core/src/language/template.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { recipeArches } from '@bakery/core/src/recipe/recipe-arches.ts';
import { loadRecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { seedBakery } from './fake-github/bakery-seed.ts';
import { startFakeGithub, type FakeGithub, type FakeGithubOptions } from './fake-github/fake-github.ts';
import { npmRegistry, type PublishedPackage } from './npm-registry.ts';
import { loadFixtures, fixtureFolder, type Document } from './upstream-mirror/fixture.ts';
import { startUpstreamMirror } from './upstream-mirror/start-upstream-mirror.ts';

/** A bakery as large as the reference one, or a multiple of it, its upstreams, and who asked them for what. */
export interface ReferenceBakery extends AsyncDisposable {
  readonly fake: FakeGithub;
  readonly repo: string;
  /** With recipes in `recipes/` and a release list, as a user of the bakery’s own recipes has them. */
  readonly io: HostProcess;
  /** Every extension that has a recipe. */
  readonly recipes: readonly string[];
  /** Requests to all but GitHub so far, by host; whether a file is there costs as little as its download, and is no part of it. */
  elsewhere(): ReadonlyMap<string, number>;
  forget(): void;
}

export interface Size {
  /** How many times the releases of the reference bakery. */
  readonly factor: number;
  /** Of each upstream project. */
  readonly releasesEach: number;
  /** Nothing is published yet, of the recipes there are and of no others. */
  readonly isFresh?: boolean;
  /** GitHub’s clock and what it allows; the machine’s and everything when left out. */
  readonly github?: FakeGithubOptions;
}

const root = join(import.meta.dirname, '../../..');
const repo = 'octo/bakery';
// What recipes accept of a package that is made up.
const npmVersions = ['22.0.0', '23.0.0', '24.0.0'];
const plenty = 1_000_000;

/** Recipes come from `recipes/`; the extensions that have none there get one that asks a project on GitHub. */
export async function referenceBakery({
  factor,
  releasesEach,
  isFresh = false,
  github = { limits: unlimited },
}: Size): Promise<ReferenceBakery> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'bench-requests-'))).path;
  const own = join(root, 'recipes');
  const recipeBook = await loadRecipeBook([own]);
  const tagged = isFresh ? [] : await taggedExtensions();
  const missing = tagged.filter((name) => !recipeBook.names.includes(name));
  const served = new Set(await readdir(fixtureFolder));
  const fixtures = recipeBook.names.filter((name) => served.has(`${name}.yaml`));

  const fake = stack.use(await startFakeGithub(github));
  if (isFresh) fake.addRepo(repo);
  else await seedBakery(fake, { repo, factor }, Date.now());
  const documents = (await loadFixtures(fixtures)).flatMap((fixture) => fixture.documents);
  const projects = new Map(documents.flatMap(projectOf));
  for (const name of missing) projects.set(`example/${name}`, []);
  for (const [name, tags] of projects) fake.addRepo(name, { releases: releasesOf(tags, releasesEach) });
  const mirror = stack.use(await startUpstreamMirror(fixtures));
  const registry = stack.use(await npmRegistry(await packagesOf(recipeBook.names)));

  await mkdir(join(folder, 'recipes'));
  for (const name of missing) {
    await mkdir(join(folder, 'recipes', name));
    await writeFile(join(folder, 'recipes', name, 'recipe.yaml'), recipeOf(name));
  }
  const recipes = [...recipeBook.names, ...missing];
  await writeFile(join(folder, 'release_build_versions.txt'), await releaseList(recipes));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TMPDIR: folder,
    BAKERY_CACHE: join(folder, 'cache'),
    BAKERY_MIRRORS: `${mirror.mirrors},npm:=${registry.url}`,
    GITHUB_API_URL: fake.apiUrl,
    GITHUB_GRAPHQL_URL: fake.graphqlUrl,
    GITHUB_SERVER_URL: fake.serverUrl,
    GITHUB_TOKEN: 'test-token',
  };
  let seen = { mirror: 0, registry: 0 };
  const owned = stack.move();
  return {
    fake,
    repo,
    recipes,
    io: {
      env,
      cwd: folder,
      homedir: folder,
      tmpdir: folder,
      isRoot: false,
      ownRecipes: own,
      exec: spawnExec(env),
      report: silentReport,
    },
    elsewhere: () => {
      const asked = mirror.log.slice(seen.mirror).filter((url) => !mirror.looks.has(url));
      const hosts = asked.map((url) => new URL(url).host);
      const all = [...hosts, ...registry.log.slice(seen.registry).map(() => 'npm registry')];
      return new Map([...Map.groupBy(all, (host) => host)].map(([host, some]) => [host, some.length]));
    },
    forget: () => {
      seen = { mirror: mirror.log.length, registry: registry.log.length };
      fake.clearLog();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };

  /** What the recipes of npm packages ask for. */
  async function packagesOf(names: readonly string[]): Promise<PublishedPackage[]> {
    const loaded = await Promise.all(names.map(async (name) => (await recipeBook.find(name)).recipe));
    return loaded.flatMap((recipe) => {
      const { versions, arch } = recipe;
      if (versions.from !== 'npm') return [];
      return recipeArches(recipe).flatMap((one) => {
        const name = render(versions.package, { arch: arch[one] ?? '' });
        return npmVersions.map((version) => ({ name, version }));
      });
    });
  }
}

const unlimited = {
  core: plenty,
  graphql: plenty,
  contentPerMinute: plenty,
  contentPerHour: plenty,
  pointsPerMinute: plenty,
  graphqlPointsPerMinute: plenty,
};

async function taggedExtensions(): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, '../data/bakery-tags.txt'), 'utf8');
  const tags = text.split('\n').filter((tag) => tag !== '');
  return tags.filter((tag) => tags.some((other) => other.startsWith(`${tag}-`)));
}

interface Tagged {
  readonly tag: string;
  readonly prerelease?: boolean;
  readonly draft?: boolean;
}

function projectOf(document: Document): [string, readonly Tagged[]][] {
  if (document.kind === 'github-tags') return [[document.repo, document.tags.map((tag) => ({ tag }))]];
  if (document.kind !== 'github-releases') return [];
  const releases = document.releases.map((one) => (typeof one === 'string' ? { tag: one } : one));
  return [[document.repo, releases]];
}

/** The releases a recipe is about, and older ones up to `count`. */
function releasesOf(real: readonly Tagged[], count: number) {
  const others = Array.from({ length: Math.max(0, count - real.length) }, (_, n) => ({
    tag: `v0.0.${n + 1}`,
  }));
  const taken = new Set(real.map(({ tag }) => tag));
  const day = 86_400_000;
  return [...others.filter(({ tag }) => !taken.has(tag)), ...real.toReversed()].map((release, n) => ({
    ...release,
    createdAt: new Date((n + 1) * day).toISOString(),
  }));
}

async function releaseList(recipes: readonly string[]): Promise<string> {
  const text = await readFile(join(root, 'release_build_versions.txt'), 'utf8');
  const lines = text.split('\n').filter((line) => recipes.includes(line.split(' ')[0] ?? ''));
  const listed = new Set(lines.map((line) => line.split(' ')[0]));
  const others = recipes.filter((name) => !listed.has(name)).map((name) => `${name} latest`);
  return `${[...lines, ...others].join('\n')}\n`;
}

function recipeOf(name: string): string {
  return `recipe: 1
name: ${name}
summary: Stands for an extension whose recipe is not written yet
homepage: https://example.com/
license: MIT

versions:
  from: github-releases
  repo: example/${name}

arch: { x86-64: amd64, arm64: arm64 }

artifacts:
  - url: https://github.com/example/${name}/releases/download/{version}/${name}-{arch}.tar.gz
    integrity: github
    unpack: { into: /usr }

smoke:
  - run: ${name}
    prints: ${name}
`;
}
