import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import pLimit from 'p-limit';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { cacheFolder } from '../fetch/cache-folder.ts';
import { cacheIn } from '../fetch/cache.ts';
import { fetchArtifacts } from '../fetch/fetch-artifacts.ts';
import { fetchHttp } from '../fetch/http.ts';
import { mirroredRegistry, mirrorsFromMap, parseMirrors, type Mirrors } from '../fetch/mirrors.ts';
import { sigstoreRoot } from '../fetch/signature/trusted-root.ts';
import { githubClient } from '../github/client.ts';
import { githubConfig, parseRepository, type GithubConfig } from '../github/config.ts';
import { listNames } from '../github/list-names.ts';
import type { Parsed } from '../language/parse-document.ts';
import { once } from '../lifetime/once.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import type { Ports } from '../ports/ports.ts';
import type { AttestMode } from '../provenance/attestable.ts';
import { loadRecipeBook, withFallback, type RecipeBook } from '../recipe/recipe-book.ts';
import { withSettings } from '../recipe/with-settings.ts';
import type { CreateContext } from '../release/create.ts';
import { ownVersion } from '../release/own-version.ts';
import { parseReleaseList, type ReleaseEntry } from '../release/release-list.ts';
import { upstreamOf, type Upstream, type UpstreamContext } from '../release/upstream.ts';
import { recipeOrigin } from '../release/version-inputs.ts';
import type { FeedSigner } from '../signing/feed-signer.ts';
import { isToBeSigned, openSigner } from '../signing/open-signer.ts';
import { type ImageOverride, imageOverridesFromMap, parseImageOverrides } from '../steps/image-overrides.ts';
import { directoryStore } from '../store/directory.ts';
import { githubStore } from '../store/github.ts';
import type { Store } from '../store/store.ts';
import { ensureTools } from '../tools/ensure-tools.ts';
import { type Program, toolsFor } from '../tools/known-tools.ts';
import { gate, type Gate } from '../trial/gate.ts';
import { thisHost } from '../trial/this-host.ts';
import { loadConfigDocument, type Config, type Issues } from './bakery-yaml.ts';
import type { Environment } from './environment.ts';
import { settingsElsewhere } from './reference-env.ts';
import { rememberIn } from './remember.ts';
import { signingChoice } from './signing-choice.ts';

/** What a user may choose for a whole run; what is left open comes from bakery.yaml. */
export interface Choices {
  /** Folders of recipes, or recipes. */
  readonly recipes?: readonly string[];
  /** Settings instead of ./bakery.yaml. */
  readonly config?: string;
  /** `dir:PATH` or `github:OWNER/REPO`. */
  readonly store?: string;
  /** URL prefix hosts use. */
  readonly hub?: string;
  /** File of the release list. */
  readonly list?: string;
  readonly offline?: boolean;
  /** Seconds to wait at most until a limit of GitHub is over. */
  readonly longestWait?: number;
  /** Whether what is released is tried on this machine before. */
  readonly test?: boolean;
}

/** What commands and actions work with, put together from choices, bakery.yaml and the environment. */
export interface Bakery {
  readonly ports: Ports;
  /** As in PATH. */
  readonly path: string;
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  readonly store: Store;
  readonly hub: string | undefined;
  /** When a run opens issues for what fails. */
  readonly issues: Issues;
  readonly cacheFolder: string;
  readonly create: CreateContext;
  /** What images must pass before they are handed on; `undefined` when nobody wants to know. */
  readonly gate: Gate | undefined;
  /** What signs the feed, opened when it is first needed; `undefined` when the feed is not signed. */
  signer(): Promise<FeedSigner | undefined>;
  /** Whether there will be signatures, as far as one can tell without the key. */
  isToBeSigned(): Promise<boolean>;
  readonly attest: AttestMode;
  /** Whom Sigstore trusts; asked for only when somebody needs it. */
  readonly trustedRoot: () => Promise<TrustedRoot>;
  /** What the release list names; nothing when there is no list. */
  releaseList(): Promise<readonly ReleaseEntry[]>;
  requireTools(programs: readonly Program[]): Promise<void>;
}

const userAgent = 'sysext-bakery';

export async function openBakery(choices: Choices, io: Environment): Promise<Bakery> {
  const config = await readConfig(choices, io);
  const { report, exec } = io;
  const elsewhere = await settingsElsewhere(io.cwd, {
    store: choices.store ?? config.store,
    hub: choices.hub ?? config.hub,
  });
  if (elsewhere !== undefined) report.warn(elsewhere);
  const offline = choices.offline ?? false;
  const mirrors = mirrorsOf(config, io);
  const registry = mirroredRegistry('', mirrors);
  const github = githubConfig(io.env, userAgent);
  const githubApi = github.apiUrl;
  const timing = { sleep, random: Math.random, now: Date.now };
  const http = fetchHttp({
    ...timing,
    mirrors,
    userAgent,
    githubToken: github.token,
    githubHosts: [new URL(githubApi).host],
    offline,
    report,
  });
  const ports: Ports = { exec, http, report };
  const cached = cacheFolder(io.env, io.homedir);
  const cache = cacheIn(cached, { verify: false, now: timing.now });
  const recipeBook = await openRecipeBook(choices, io);
  const path = io.env['PATH'] ?? '';
  // One package manager at a time: it locks out a second one.
  const installing = pLimit(1);
  const trustedRoot = once(() => sigstoreRoot({ cache, mirrors, offline }));
  const own = once(() => ownVersion(io));
  const requireTools = (programs: readonly Program[]): Promise<void> =>
    installing(() => ensureTools(programs, { exec, report, path, isRoot: io.isRoot }));
  const upstreamContext: UpstreamContext = {
    ports,
    requireTools,
    githubApi,
    githubNames: listNames(githubClient(github, ports), { mirrors, sleep }),
    ...(registry === undefined ? {} : { npmRegistry: registry }),
    now: timing.now,
    remember: rememberIn(cache, offline),
  };
  const store = openStore(choices.store ?? config.store ?? 'dir:out', io, {
    ...ports,
    ...timing,
    github,
    ...(choices.longestWait === undefined ? {} : { longestWait: choices.longestWait }),
  });
  const { isRoot, tmpdir: temporary } = io;
  const isGated = choices.test ?? config.test !== 'off';
  return {
    ports,
    path,
    gate: isGated
      ? gate({
          ...ports,
          path,
          isRoot,
          temporary,
          requireTools,
          openHost: once(() => thisHost({ exec, isRoot, temporary })),
        })
      : undefined,
    recipeBook,
    upstream: upstreamOf(recipeBook, upstreamContext),
    store,
    signer: once(async () => {
      const choice = await signingChoice(choices, config.sign, io);
      if (choice.mode !== 'off' && (choice.key ?? choice.command) !== undefined) {
        await requireTools(toolsFor('signing'));
      }
      return openSigner(choice, store, { exec, tmpdir: io.tmpdir, now: timing.now });
    }),
    isToBeSigned: once(async () => isToBeSigned(await signingChoice(choices, config.sign, io), store)),
    hub: choices.hub ?? config.hub,
    attest: config.attest,
    issues: config.issues,
    cacheFolder: cached,
    trustedRoot,
    create: {
      ports,
      path,
      isRoot: io.isRoot,
      scratch: io.tmpdir,
      packing: pLimit(1),
      builds: { images: imagesOf(config, io), mirrors, offline, logs: io.tmpdir },
      requireTools,
      origin: async (loaded) => ({
        bakery: await own(),
        recipe: await recipeOrigin(loaded.folder, io),
      }),
      fetch: (downloads, loaded, arch) =>
        fetchArtifacts(downloads, {
          ...ports,
          ...timing,
          cache,
          arch,
          mirrors,
          offline,
          githubApi,
          recipeFolder: loaded.folder,
          lockFile: join(loaded.folder, 'artifacts.lock.json'),
          locked: io.env['CI'] === 'true',
          trustedRoot,
        }),
    },
    releaseList: () => readReleaseList(choices.list ?? config.list, io),
    requireTools,
  };
}

/**
 * The caller’s recipes, and those of the bakery that the caller has not got, all with the settings of bakery.yaml and
 * the release list.
 */
export async function openRecipeBook(
  choices: Pick<Choices, 'recipes' | 'config' | 'list'>,
  io: Environment,
): Promise<RecipeBook> {
  const config = await readConfig(choices, io);
  const { settings, extensions = {}, locate } = config;
  // Whoever needs the list is told what is wrong with it.
  const list = await readReleaseList(choices.list ?? config.list, io).catch((): ReleaseEntry[] => []);
  const inConfig = Object.entries(extensions).map(([name, own]) => ({
    name,
    settings: own,
    locate: (path: KeyPath) => locate(['extensions', name, ...path]),
  }));
  const inList = list.flatMap(({ name, written }) => (written === undefined ? [] : [{ name, ...written }]));
  const all =
    settings === undefined ? [] : [{ settings, locate: (path: KeyPath) => locate(['settings', ...path]) }];
  return withSettings(await recipesOf(choices, config, io), { all, each: [...inConfig, ...inList] });
}

async function recipesOf(
  choices: Pick<Choices, 'recipes'>,
  config: Config,
  io: Environment,
): Promise<RecipeBook> {
  const folders = (choices.recipes ?? config.recipes ?? []).map((folder) => resolve(io.cwd, folder));
  const own = await loadRecipeBook([io.ownRecipes], io.cwd);
  return folders.length === 0 ? own : withFallback(await loadRecipeBook(folders, io.cwd), own);
}

/** Settings with the paths in them as seen from the current folder. */
async function readConfig(
  { config }: Pick<Choices, 'config'>,
  io: Environment,
): Promise<Config & Pick<Parsed<Config>, 'locate'>> {
  const file = resolve(io.cwd, config ?? 'bakery.yaml');
  if (config !== undefined && !(await isFile(file))) {
    throw new UserError('input.invalid', `--config: expected a file, found none at ${config}`);
  }
  const { value: settings, locate } = await loadConfigDocument(file, io.cwd);
  const { recipes, store, list } = settings;
  const seen = (path: string): string =>
    isAbsolute(path) ? path : relative(io.cwd, resolve(dirname(file), path)) || '.';
  return {
    ...settings,
    locate,
    ...(recipes === undefined ? {} : { recipes: recipes.map(seen) }),
    ...(store === undefined ? {} : { store: store.replace(/^dir:(.+)$/, (_, path) => `dir:${seen(path)}`) }),
    ...(list === undefined ? {} : { list: seen(list) }),
  };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Images to use instead of those recipes name; the environment comes first here as well. */
function imagesOf(config: Config, io: Environment): ImageOverride[] {
  const fromEnv = parseImageOverrides(io.env['BAKERY_IMAGES'] ?? '', 'BAKERY_IMAGES');
  return [...fromEnv, ...imageOverridesFromMap(config.images ?? {}, 'bakery.yaml: images')];
}

/** What the environment says comes first: it is nearer to the run. */
function mirrorsOf(config: Config, io: Environment): Mirrors {
  const fromEnv = parseMirrors(io.env['BAKERY_MIRRORS'] ?? '', 'BAKERY_MIRRORS');
  return [...fromEnv, ...mirrorsFromMap(config.mirrors, 'bakery.yaml: mirrors')];
}

const servedAt = 'http://127.0.0.1:8080'; // Where "bakery serve" is by default; --hub says where hosts really look.

interface StorePorts extends Ports {
  readonly github: GithubConfig;
  readonly sleep: typeof sleep;
  readonly random: () => number;
  readonly longestWait?: number;
}

function openStore(store: string, io: Environment, { github, ...ports }: StorePorts): Store {
  const [, kind, place = ''] = /^(dir|github):(.+)$/.exec(store) ?? [];
  if (kind === 'dir')
    return directoryStore(resolve(io.cwd, place), servedAt, { name: store, report: ports.report });
  if (kind === 'github') {
    return githubStore({
      ...ports,
      ...parseRepository(place, '--store'),
      scratch: io.tmpdir,
      client: githubClient(github, ports),
    });
  }
  throw new UserError('input.invalid', `--store: expected dir:PATH or github:OWNER/REPO, got "${store}"`);
}

const maxListBytes = 1024 * 1024; // twenty thousand versions

async function readReleaseList(file: string | undefined, io: Environment): Promise<readonly ReleaseEntry[]> {
  const path = resolve(io.cwd, file ?? 'release_build_versions.txt');
  const text = await readPlain(path, { maxBytes: maxListBytes, shown: relative(io.cwd, path) });
  if (text === undefined && file !== undefined) {
    throw new UserError('input.invalid', `${file}: expected a release list, found no such file`);
  }
  return parseReleaseList(text?.toString('utf8') ?? '', relative(io.cwd, path));
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await pause(ms, undefined, signal === undefined ? {} : { signal });
}
