import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import pLimit from 'p-limit';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { cacheFolder } from '../fetch/cache-folder.ts';
import { cacheIn } from '../fetch/cache.ts';
import { type Download, fetchArtifacts } from '../fetch/fetch-artifacts.ts';
import type { Fetched } from '../fetch/fetched.ts';
import { fetchHttp } from '../fetch/http.ts';
import { mirroredRegistry, mirrorsFromMap, parseMirrors, type Mirrors } from '../fetch/mirrors.ts';
import { sigstoreRoot } from '../fetch/signature/trusted-root.ts';
import { githubClient } from '../github/client.ts';
import { githubConfig } from '../github/config.ts';
import { listNames } from '../github/list-names.ts';
import { once } from '../lifetime/once.ts';
import type { Arch } from '../names/arch.ts';
import type { Ports } from '../ports/ports.ts';
import type { AttestMode } from '../provenance/attestable.ts';
import type { RecipeBook } from '../recipe/recipe-book.ts';
import type { ReleaseEntry } from '../release/check/release-list.ts';
import { upstreamOf, type Upstream, type UpstreamContext } from '../release/check/upstream.ts';
import type { CreateContext } from '../release/create/create.ts';
import { ownVersion } from '../release/create/own-version.ts';
import { recipeOrigin } from '../release/create/version-inputs.ts';
import type { KeysContext } from '../release/metadata/publish-keys.ts';
import { retireRules } from '../release/metadata/retire-rules.ts';
import type { Adapter } from '../release/publish/adapter-files.ts';
import type { FeedSigner } from '../signing/feed-signer.ts';
import { isToBeSigned, openSigner } from '../signing/open-signer.ts';
import { readRing } from '../signing/ring.ts';
import { openSidecarMaker, type SidecarMaker } from '../signing/sidecar-maker.ts';
import { type ImageOverride, imageOverridesFromMap, parseImageOverrides } from '../steps/image-overrides.ts';
import type { Store } from '../store/store.ts';
import { ensureTools } from '../tools/ensure-tools.ts';
import { type Program, toolsFor } from '../tools/known-tools.ts';
import { gate, type Gate } from '../trial/gate.ts';
import { thisHost } from '../trial/this-host.ts';
import { type Config, type Issues, publishesKeys } from './bakery-yaml.ts';
import { type Choices, readConfig, readReleaseList } from './choices.ts';
import type { HostProcess } from './host-process.ts';
import { openRecipeBook } from './open-recipe-book.ts';
import { openStore } from './open-store.ts';
import { settingsElsewhere } from './reference-env.ts';
import { rememberIn } from './remember.ts';
import { renewalProblem } from './renewal-schedule.ts';
import { signingChoice } from './signing-choice.ts';
import { verityKey } from './verity-key.ts';

/** What commands and actions work with, put together from choices, bakery.yaml and the environment. */
export interface Bakery {
  readonly ports: Ports;
  /** As in PATH. */
  readonly path: string;
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  readonly store: Store;
  readonly hub: string | undefined;
  /** Whether a run builds what it published again, on other machines. */
  readonly rebuild: 'auto' | 'off';
  /** When the site is deployed to GitHub Pages. */
  readonly site: Config['site'];
  /** The environment whose jobs must have a signing key, where nothing may be published unsigned and no command signs. */
  readonly keyEnvironment: string | undefined;
  /** When a run opens issues for what fails. */
  readonly issues: Issues;
  readonly cacheFolder: string;
  readonly create: CreateContext;
  /** What images must pass before they are handed on; `undefined` when nobody wants to know. */
  readonly gate: Gate | undefined;
  /** What signs the feed, opened when it is first needed; `undefined` when the feed is not signed. */
  signer(): Promise<FeedSigner | undefined>;
  /** Days for which hosts may believe what it signs; for ever when nobody says. */
  readonly bestBefore: number | undefined;
  /** What is wrong where indexes name a day and no schedule renews it. */
  renewalProblem(): Promise<Diagnostic | undefined>;
  /** Whether there will be signatures, as far as one can tell without the key. */
  isToBeSigned(): Promise<boolean>;
  /** The public keys hosts are to trust, where a file has them. */
  ring(): Promise<Uint8Array | undefined>;
  /** What makes files for dm-verity, opened when it is first needed; `undefined` when nobody wants them. */
  readonly verity: (() => Promise<SidecarMaker>) | undefined;
  /** What publishes the public keys as an extension once the feed is signed; `undefined` when nobody wants that. */
  readonly keys: KeysContext | undefined;
  readonly attest: AttestMode;
  readonly adapters: readonly Adapter[];
  /** Whom Sigstore trusts; asked for only when somebody needs it. */
  readonly trustedRoot: () => Promise<TrustedRoot>;
  /** What the indexes of extensions need not name any more, with what `store` holds. */
  readonly retention: (names: readonly string[], store: Store) => ReturnType<typeof retireRules>;
  /** What the release list names; nothing when there is no list. */
  readonly releaseList: () => Promise<readonly ReleaseEntry[]>;
  requireTools(programs: readonly Program[]): Promise<void>;
  /** Fetches and proves files that no recipe names; key files are relative to where the command runs. */
  readonly fetchFiles: (downloads: readonly Download[], arch: Arch) => Promise<Fetched[]>;
}

const userAgent = 'sysext-bakery';

export async function openBakery(choices: Choices, io: HostProcess): Promise<Bakery> {
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
  const root = io.sigstoreRoot === undefined ? {} : { root: io.sigstoreRoot };
  const trustedRoot = once(() => sigstoreRoot({ cache, mirrors, offline, ...root }));
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
  const upstream = upstreamOf(recipeBook, upstreamContext);
  const releaseList = () => readReleaseList(choices.list ?? config.list, io);
  const fetchIn = (folder: string, downloads: readonly Download[], arch: Arch): Promise<Fetched[]> =>
    fetchArtifacts(downloads, {
      ...ports,
      ...timing,
      cache,
      arch,
      mirrors,
      offline,
      githubApi,
      recipeFolder: folder,
      lockFile: join(folder, 'artifacts.lock.json'),
      locked: io.env['CI'] === 'true',
      trustedRoot,
    });
  const { isRoot, tmpdir: temporary } = io;
  const bestBefore = config.sign?.['best-before'];
  const isGated = choices.test ?? config.test !== 'off';
  const create: CreateContext = {
    ports,
    path,
    isRoot: io.isRoot,
    scratch: io.tmpdir,
    packing: pLimit(1),
    largestImage: store.largestFile,
    builds: { images: imagesOf(config, io), mirrors, offline, logs: io.tmpdir },
    requireTools,
    origin: async (loaded) => ({
      bakery: await own(),
      recipe: await recipeOrigin(loaded.folder, io),
    }),
    fetch: (downloads, { folder }, arch) => fetchIn(folder, downloads, arch),
  };
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
    upstream,
    store,
    signer: once(async () => {
      const choice = await signingChoice(choices, config.sign, io);
      if (choice.mode !== 'off' && (choice.key ?? choice.command) !== undefined) {
        await requireTools(toolsFor('signing'));
      }
      const signer = await openSigner(choice, store, { exec, tmpdir: io.tmpdir, now: timing.now });
      return signer === undefined || bestBefore === undefined
        ? signer
        : { ...signer, bestBefore: { days: bestBefore, now: timing.now } };
    }),
    verity:
      config.verity === 'off'
        ? undefined
        : once(async () => {
            const key = await verityKey(io);
            if (key !== undefined) await requireTools(toolsFor('verity'));
            return openSidecarMaker(key, { exec, tmpdir: io.tmpdir });
          }),
    bestBefore,
    renewalProblem: async () =>
      bestBefore === undefined
        ? undefined
        : renewalProblem(
            dirname(resolve(io.cwd, choices.config ?? 'bakery.yaml')),
            config.locate(['sign', 'best-before']),
          ),
    isToBeSigned: once(async () => isToBeSigned(await signingChoice(choices, config.sign, io), store)),
    ring: once(async () => {
      const { ring } = await signingChoice(choices, config.sign, io);
      return ring === undefined ? undefined : (await readRing(ring, 'sign.ring')).bytes;
    }),
    hub: choices.hub ?? config.hub,
    attest: config.attest,
    adapters: config.adapters,
    rebuild: config.rebuild,
    site: config.site,
    keyEnvironment:
      config.sign?.when === 'required' && config.sign.command === undefined ? 'signing' : undefined, // as bake.yaml calls it
    issues: config.issues,
    cacheFolder: cached,
    trustedRoot,
    create,
    keys: publishesKeys(config) ? { ...create, upstream, now: timing.now } : undefined,
    releaseList,
    retention: (names, at) =>
      retireRules(names, { recipeBook, upstream, store: at, ports, releaseList, now: timing.now }),
    fetchFiles: (downloads, arch) => fetchIn(io.cwd, downloads, arch),
    requireTools,
  };
}

/** Images to use instead of those recipes name; the environment comes first here as well. */
function imagesOf(config: Config, io: HostProcess): ImageOverride[] {
  const fromEnv = parseImageOverrides(io.env['BAKERY_IMAGES'] ?? '', 'BAKERY_IMAGES');
  return [...fromEnv, ...imageOverridesFromMap(config.images ?? {}, 'bakery.yaml: images')];
}

/** What the environment says comes first: it is nearer to the run. */
function mirrorsOf(config: Config, io: HostProcess): Mirrors {
  const fromEnv = parseMirrors(io.env['BAKERY_MIRRORS'] ?? '', 'BAKERY_MIRRORS');
  return [...fromEnv, ...mirrorsFromMap(config.mirrors, 'bakery.yaml: mirrors')];
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await pause(ms, undefined, signal === undefined ? {} : { signal });
}
