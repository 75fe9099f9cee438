import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtempDisposable, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { zipOf } from '@bakery/testbed/archives.ts';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { type Artifact, takeId, type WorkflowRun } from '@bakery/testbed/fake-github/state.ts';
import { attestAction } from '../testing/attest-action.ts';
import { runAct, type ActRequest, type Run } from './act.ts';

const execute = promisify(execFile);
const here = join(import.meta.dirname, '../../..');
export const repository = 'baker/bakery';
export const token = 'workflow-token-of-the-test';

/** A repository with this bakery in it on a GitHub of our own, whose workflows act runs. */
export interface Fork extends AsyncDisposable {
  readonly folder: string;
  readonly github: FakeGithub;
  /** Writes a file and commits everything. */
  commit(path: string, text: string): Promise<void>;
  head(): Promise<string>;
  run(workflow: string, more?: Partial<Pick<ActRequest, 'inputs' | 'actions' | 'secrets'>>): Promise<Run>;
}

export interface ForkOptions {
  /** A folder whose recipes, release list and bakery.yaml the fork has; those of this checkout when left out. */
  readonly recipes?: string;
  readonly env: Readonly<Record<string, string>>;
  /** With the bundle of a published tag instead of the sources. */
  readonly bundled: boolean;
  /** Without anything of the bakery: a repository that only uses its actions. */
  readonly isCaller?: boolean;
  /** What others call it: `OWNER/REPO` and the ref, when its workflows are for other repositories. */
  readonly calledAs?: readonly [repository: string, ref: string];
  /** GitHub’s, in milliseconds since 1970; the machine’s when left out. */
  readonly clock?: () => number;
}

export async function fork(options: ForkOptions): Promise<Fork> {
  await using stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await mkdtempDisposable(join(tmpdir(), 'fork-')));
  const folder = join(home, 'repository');
  const github = stack.use(
    await startFakeGithub({
      tokens: { [token]: { contents: 'write', issues: 'write', actions: 'read' } },
      clock: options.clock ?? Date.now,
    }),
  );
  github.addRepo(repository);
  await mkdir(folder);
  if (options.isCaller !== true) await copyBakery(folder, options);
  if (options.recipes !== undefined) {
    await rm(join(folder, 'recipes'), { recursive: true, force: true });
    await cp(options.recipes, folder, { recursive: true });
  }
  const git = (...args: string[]) =>
    execute('git', ['-c', 'user.name=baker', '-c', 'user.email=baker@localhost', ...args], { cwd: folder });
  await git('init', '--quiet', '-b', 'main');
  await git('remote', 'add', 'origin', `https://github.com/${repository}`);
  const commitAll = async (): Promise<void> => {
    await git('add', '--all', '--force', '.');
    await git('commit', '--quiet', '--allow-empty', '-m', 'a change');
  };
  await commitAll();
  const standIns = await writeStandIns(join(home, 'stand-ins'));
  const owned = stack.move();
  return {
    folder,
    github,
    commit: async (path, text) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
      await commitAll();
    },
    head: async () => (await git('rev-parse', 'HEAD')).stdout.trim(),
    run: async (workflow, { inputs = {}, actions = {}, secrets = {} } = {}) => {
      const commit = (await git('rev-parse', 'HEAD')).stdout.trim();
      const told = beginRun(github, workflow, commit);
      const artifacts = join(home, 'artifacts', String(told.id));
      await mkdir(artifacts, { recursive: true });
      const run = await runAct({
        repository: folder,
        workflow,
        inputs,
        token,
        secrets,
        actions: { ...standIns, ...actions },
        id: told.id,
        artifacts,
        env: {
          ...options.env,
          GITHUB_WORKFLOW_REF: `${repository}/${told.path}@refs/heads/main`,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_GRAPHQL_URL: github.graphqlUrl,
          GITHUB_SERVER_URL: github.serverUrl,
        },
      });
      for (const [name, conclusion] of Object.entries(run.jobs)) {
        const steps = run.steps.filter(({ job }) => job === name);
        told.jobs.push({ name: `Bake / ${name}`, conclusion, steps });
      }
      told.artifacts.push(...(await keep(artifacts, github)));
      return run;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type ToldRun = WorkflowRun & { readonly jobs: WorkflowRun['jobs'][number][]; readonly artifacts: Artifact[] };

/** GitHub knows of a run from its beginning. */
function beginRun(github: FakeGithub, workflow: string, commit: string): ToldRun {
  const run: ToldRun = {
    id: takeId(github.state),
    path: `.github/workflows/${workflow}`,
    branch: 'main',
    commit,
    event: 'workflow_dispatch',
    called: [{ path: `${repository}/.github/workflows/bake.yaml@${commit}`, sha: commit }],
    createdAt: Date.now(),
    jobs: [],
    artifacts: [],
  };
  github.repo(repository).runs.push(run);
  return run;
}

/** What a run left, oldest first, as GitHub keeps it. */
async function keep(folder: string, github: FakeGithub): Promise<Artifact[]> {
  const names = await readdir(folder);
  const made = names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs }));
  const inOrder = (await Promise.all(made)).toSorted((a, b) => a.at - b.at);
  return Promise.all(
    inOrder.map(async ({ name }): Promise<Artifact> => {
      const id = takeId(github.state);
      const files = (await readdir(join(folder, name), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const members = files.map(async (file) => ({
        path: relative(join(folder, name), file),
        content: await readFile(file),
      }));
      const path = join(folder, `${name}.zip`);
      await writeFile(path, zipOf(await Promise.all(members)));
      return { id, name, expired: false, bytes: { kind: 'file', path } };
    }),
  );
}

/** What a clone of this repository has: what is tracked, and what will be. */
async function copyBakery(folder: string, { bundled, calledAs }: ForkOptions): Promise<void> {
  const { stdout } = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: here,
    maxBuffer: 2 ** 24,
  });
  const isNeeded = (path: string): boolean =>
    !bundled || !/^(packages(?!\/site\/assets\/)|docs)\//.test(path);
  for (const path of stdout.split('\0').filter((one) => one !== '' && isNeeded(one))) {
    // Files come and go while others work in this checkout.
    await cp(join(here, path), join(folder, path), { recursive: true }).catch(() => undefined);
  }
  if (bundled) await execute(process.execPath, [join(here, 'scripts/bundle.ts'), join(folder, 'dist')]);
  await forAct(folder, calledAs);
}

/**
 * act 0.2.87 knows neither `uses: $/…` nor `queue:`. In a fork of its own `./` is the same place; for others it is
 * the repository they call, at the ref they call it by.
 */
async function forAct(folder: string, calledAs: ForkOptions['calledAs']): Promise<void> {
  const workflows = join(folder, '.github/workflows');
  const [before, after] = calledAs === undefined ? ['./', ''] : [`${calledAs[0]}/`, `@${calledAs[1]}`];
  for (const name of await readdir(workflows)) {
    const yaml = await readFile(join(workflows, name), 'utf8');
    const plain = yaml.replaceAll(/^(\s*(?:- )?uses: )\$\/(.*)$/gm, `$1${before}$2${after}`);
    await writeFile(join(workflows, name), withoutQueue(plain));
  }
}

export function withoutQueue(yaml: string): string {
  return yaml.replaceAll(/^\s*queue: max\n/gm, '').replaceAll(', queue: max', '');
}

/** For actions/attest and each artifact action, by the very ref our workflows and their actions name. */
async function writeStandIns(root: string): Promise<Record<string, string>> {
  const files = await Array.fromAsync(glob('.github/{workflows,actions}/**/*.{yaml,yml}', { cwd: here }));
  const yaml = (await Promise.all(files.map((file) => readFile(join(here, file), 'utf8')))).join('\n');
  const standIns: Record<string, string> = {};
  for (const [, kind = '', ref = ''] of yaml.matchAll(/uses: actions\/(upload|download)-artifact@(\w+)/g)) {
    await mkdir(join(root, kind), { recursive: true });
    await writeFile(join(root, kind, 'action.yml'), standIn(kind));
    standIns[`actions/${kind}-artifact@${ref}`] = join(root, kind);
  }
  await mkdir(join(root, 'attest'));
  await writeFile(join(root, 'attest/action.yml'), attestStandIn);
  standIns[attestAction.uses] = join(root, 'attest');
  return standIns;
}

const attestStandIn = JSON.stringify({
  name: 'attest stand-in',
  inputs: Object.fromEntries(attestAction.inputs.map((name) => [name, {}])),
  outputs: Object.fromEntries(
    attestAction.outputs.map((name) => [name, { value: `\${{ steps.attest.outputs.${name} }}` }]),
  ),
  runs: {
    using: 'composite',
    steps: [
      {
        id: 'attest',
        shell: 'bash',
        run: `"${process.execPath}" "${join(import.meta.dirname, 'attest-stand-in.ts')}"`,
        env: { 'INPUT_SUBJECT-CHECKSUMS': '${{ inputs.subject-checksums }}' },
      },
    ],
  },
});

const artifactInputs = ['name', 'path', 'pattern', 'run-id', 'github-token'];
const ignoredInputs = [
  'merge-multiple',
  'if-no-files-found',
  'compression-level',
  'overwrite',
  'retention-days',
];

function standIn(kind: string): string {
  return JSON.stringify({
    name: `${kind} stand-in`,
    inputs: Object.fromEntries([...artifactInputs, ...ignoredInputs].map((name) => [name, {}])),
    runs: {
      using: 'composite',
      steps: [
        {
          shell: 'bash',
          run: `"${process.execPath}" "${join(import.meta.dirname, 'artifact-stand-in.ts')}" ${kind}`,
          env: Object.fromEntries(
            artifactInputs.map((name) => [`INPUT_${name.toUpperCase()}`, `\${{ inputs.${name} }}`]),
          ),
        },
      ],
    },
  });
}
