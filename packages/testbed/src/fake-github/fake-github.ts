import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patientServer } from '../patient-server.ts';
import type { Permissions } from './access.ts';
import { readBytes } from './asset-bytes.ts';
import type { Sizes, Urls, World, Host } from './call.ts';
import { githubContract, type Contract } from './contract.ts';
import type { Observer } from './exchange.ts';
import { faultSwitches, type Fault } from './faults.ts';
import { lag } from './lag.ts';
import { rateLimit, tokenLimits, type Limits } from './rate-limit.ts';
import { requestLog, type LoggedRequest } from './request-log.ts';
import { routeName } from './route-table.ts';
import { routes } from './routes.ts';
import { seedRelease, seedRepo, type SeedRelease, type SeedRepo } from './seed.ts';
import { prefixes, requestListener } from './server.ts';
import { emptyState, findRepo, newCommit, type Release, type Repo, type State } from './state.ts';

export interface FakeGithubOptions {
  /** Milliseconds since 1970; the machine’s clock when left out. */
  readonly clock?: () => number;
  /** What each token may do; `test-token` may do what a workflow’s token can when left out. */
  readonly tokens?: Readonly<Record<string, Permissions>>;
  /** Those of a GITHUB_TOKEN where left out. */
  readonly limits?: Partial<Limits>;
  readonly sizes?: Partial<Sizes>;
  /** State to go on from; asset bytes lie in `folder`. */
  readonly state?: State;
  /** Where uploads are kept; a temporary folder when left out. */
  readonly folder?: string;
  readonly port?: number;
  readonly onRequest?: Observer;
}

export interface FakeGithub extends Urls, AsyncDisposable {
  /** For inspection and for changes behind everybody’s back. */
  readonly state: State;
  readonly addToken: (token: string, permissions: Permissions) => void;
  readonly addRepo: (fullName: string, seed?: SeedRepo) => Repo;
  readonly addRelease: (fullName: string, seed: SeedRelease) => Release;
  /** An upstream project with a release for each tag, the first tag being the newest, a day apart. */
  readonly seedUpstream: (fullName: string, tags: readonly string[], assets?: SeedRelease['assets']) => Repo;
  /** Moves the default branch to a new commit of now. */
  readonly addCommit: (fullName: string) => string;
  readonly repo: (fullName: string) => Repo;
  /** Drafts included, oldest first. */
  readonly releases: (fullName: string) => readonly Release[];
  /** The bytes of an asset by tag and name. */
  readonly read: (fullName: string, tag: string, asset: string) => Promise<Buffer>;
  /** How often each route was asked, by all hosts or those given. */
  readonly requests: (hosts?: readonly Host[]) => Map<string, number>;
  readonly reads: (hosts?: readonly Host[]) => Map<string, number>;
  readonly writes: (hosts?: readonly Host[]) => Map<string, number>;
  readonly log: readonly LoggedRequest[];
  readonly clearLog: () => void;
  /** What broke GitHub’s description so far; also in the 500 that was answered. */
  readonly violations: () => readonly string[];
  readonly addFault: (fault: Fault) => void;
  /** Reads of this route see the state as it was that many requests ago. */
  readonly lagBehind: (route: string, requests: number) => void;
  /** Ends all faults and lags. */
  readonly heal: () => void;
  /** Replaces who sees every request. */
  readonly onRequest: (observer: Observer) => void;
  /** Calls back when a request is over, answered or cut off. */
  readonly onAnswer: (listener: (request: LoggedRequest) => void) => void;
}

/** What GitHub allows. */
const githubSizes: Sizes = { listedReleases: 1000, assetsPerRelease: 1000, asset: 2_147_483_647 };

const workflowToken: Permissions = { contents: 'write', issues: 'write', actions: 'write' };

export async function startFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  await using stack = new AsyncDisposableStack();
  const clock = options.clock ?? Date.now;
  const folder = options.folder ?? stack.use(await mkdtempDisposable(join(tmpdir(), 'fake-github-'))).path;
  await mkdir(folder, { recursive: true });
  sharedContract ??= githubContract(described());
  const contract = await sharedContract;
  const limits = rateLimit({ ...tokenLimits, ...options.limits }, clock);
  const [faults, lags, log, violations] = [faultSwitches(), lag(), requestLog(), new Array<string>()];
  const tokens = new Map(Object.entries(options.tokens ?? { 'test-token': workflowToken }));
  const state = options.state ?? emptyState();
  const listeners: ((request: LoggedRequest) => void)[] = [];
  let observe: Observer = options.onRequest ?? (() => {});

  const server = createServer(patientServer);
  const serverUrl = await listen(server, options.port ?? 0);
  stack.defer(() => close(server));
  const urls = urlsBelow(serverUrl);
  const quota: World['quota'] = (caller) => {
    const core = limits.standing(caller, 'core');
    return { resources: { core, search: core, graphql: limits.standing(caller, 'graphql') }, rate: core };
  };
  const world = { state, urls, clock, folder, quota, sizes: { ...githubSizes, ...options.sizes } };
  const listener = requestListener({
    world,
    contract,
    tokens,
    limits,
    faults,
    lag: lags,
    log,
    violations,
    observe: (seen) => observe(seen),
    over: (request) => {
      for (const tell of listeners) {
        tell(request);
      }
    },
  });
  server.on('request', (request, response) => void listener(request, response));

  function repo(fullName: string): Repo {
    const found = findRepo(state, fullName);
    if (found === undefined) {
      throw new Error(`the fake GitHub has no repository ${fullName}`);
    }
    return found;
  }

  const kept = stack.move();
  return {
    ...urls,
    state,
    repo,
    addToken: (token, permissions) => tokens.set(token, permissions),
    addRepo: (fullName, seed = {}) => seedRepo(state, fullName, seed, clock()),
    addRelease: (fullName, seed) => seedRelease(state, repo(fullName), seed, clock()),
    seedUpstream: (fullName, tags, assets) =>
      seedRepo(state, fullName, { releases: upstreamReleases(tags, assets, clock()) }, clock()),
    addCommit: (fullName) => {
      const sha = newCommit(repo(fullName), clock());
      repo(fullName).branches.set(repo(fullName).defaultBranch, sha);
      return sha;
    },
    releases: (fullName) => repo(fullName).releases.values().toArray(),
    read: async (fullName, tag, name) => {
      const release = repo(fullName)
        .releases.values()
        .find((one) => one.tag === tag);
      const asset = release?.assets.find((one) => one.name === name);
      if (asset === undefined) {
        throw new Error(`the fake GitHub has no asset ${name} in ${tag} of ${fullName}`);
      }
      return readBytes(asset.bytes);
    },
    requests: (hosts) => log.count('all', hosts),
    reads: (hosts) => log.count('reads', hosts),
    writes: (hosts) => log.count('writes', hosts),
    log: log.all,
    clearLog: log.clear,
    violations: () => violations,
    addFault: (fault) => {
      known(fault.route);
      faults.add(fault);
    },
    lagBehind: (route, requests) => {
      known(route);
      lags.set(route, requests);
    },
    heal: () => {
      faults.clear();
      lags.clear();
    },
    onRequest: (observer) => {
      observe = observer;
    },
    onAnswer: (tell) => {
      listeners.push(tell);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A fault on a route that does not exist would never strike, and its test would prove nothing. */
function known(route: string): void {
  const names = ['*', 'POST /graphql', ...routes.map(routeName)];
  if (!names.includes(route)) {
    throw new Error(`no route ${route}; expected one of:\n${names.join('\n')}`);
  }
}

/** Compiling the description takes longer than anything else here, and it never changes. */
let sharedContract: Promise<Contract> | undefined;

function described(): readonly string[] {
  return [...new Set(routes.filter(({ host }) => host !== 'web').map(({ template }) => template))];
}

function upstreamReleases(
  tags: readonly string[],
  assets: SeedRelease['assets'],
  now: number,
): SeedRelease[] {
  const day = 86_400_000;
  return tags
    .map((tag, age) => ({ tag, createdAt: new Date(now - age * day).toISOString(), assets }))
    .toReversed();
}

function urlsBelow(serverUrl: string): Urls {
  const prefix = Object.fromEntries(prefixes.toReversed()); // the first of two
  return {
    serverUrl,
    apiUrl: `${serverUrl}${prefix['api']}`,
    graphqlUrl: `${serverUrl}${prefix['graphql']}`,
    uploadsUrl: `${serverUrl}${prefix['uploads']}`,
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the server has no port');
  }
  return `http://127.0.0.1:${address.port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
