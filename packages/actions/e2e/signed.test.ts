import { chmod, mkdir, mkdtempDisposable, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { type KeySet, makeKeys } from '@bakery/core/src/signing/key-set.ts';
import { type Verified, verifyAsHosts } from '@bakery/core/src/signing/ring.ts';
import { sha256 } from '@bakery/core/testing/sample-releases.ts';
import { type VerityKeys, verityKeys } from '@bakery/core/testing/verity-keys.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import type { Run } from './act.ts';
import { fork, repository, type Fork } from './fork.ts';

const passphrase = 'correct-horse-battery-staple';
const gpg = { exec: spawnExec({ ...process.env }), tmpdir: tmpdir(), now: Date.now };

const settings = 'recipes: [recipes]\nrebuild: off\nverity: sidecar\n';

let stack: AsyncDisposableStack;
let world: ExampleBakery;
let bakery: Fork;
let keys: KeySet;
/** What signs hash trees. */
let trees: VerityKeys;
/** Programs that write down what they are given, and then do their work. */
let watched: string;
/** For scratch files of jobs. */
let scratch: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'sg-')));
  [watched, scratch] = [join(folder, 'bin'), join(folder, 'tmp')];
  await Promise.all([watched, scratch].map((path) => mkdir(path)));
  for (const program of [
    'gpg',
    'gpgconf',
    'openssl',
    'veritysetup',
    'mksquashfs',
    'unsquashfs',
    'git',
    'npm',
  ])
    await watch(program);
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${watched}:${before}`; // what act and all its steps start from
  stack.defer(() => void (process.env['PATH'] = before));
  trees = await verityKeys('A feed');
  keys = await makeKeys('A feed', { passphrase, lifetime: '50d' }, gpg);
  world = stack.use(await exampleBakery());
  await world.putOut('alpha', '1.0.0');
  await world.write('release_build_versions.txt', 'alpha latest\n');
  await world.write('bakery.yaml', `${settings}sign: { best-before: 30 }\n`);
  await writeFile(join(world.folder, 'import-pubring.gpg'), keys.ring);
  const { BAKERY_MIRRORS = '', BAKERY_CACHE = '', HOME = '' } = world.env;
  const env = { BAKERY_MIRRORS, BAKERY_CACHE, HOME, TMPDIR: scratch };
  bakery = stack.use(await fork({ recipes: world.folder, env, bundled: true }));
});
afterAll(() => stack.disposeAsync());

it('publishes and lists signed where there is a key, and nobody but who signs ever sees it', async () => {
  const run = await watchedRun('release.yaml', { ...secretsOf(keys.signingKey), ...verity() });
  expect({ ok: run.ok, why: run.ok ? '' : run.log }).toEqual({ ok: true, why: '' });
  for (const tag of ['alpha-1.0.0', 'alpha', 'bakery-keys', 'SHA256SUMS']) {
    expect(await verified(tag)).toEqual({ by: keys.roles.active });
  }
  expect(String(await bakery.github.read(repository, 'SHA256SUMS', 'SHA256SUMS'))).toContain(
    '  bakery-keys-',
  );
  expect(run.summary).toContain(`Signed by ${keys.roles.active}`);
  expect(run.summary).toMatch(/signs for \d\d more days.{1,6}run bakery key rotate DIR before it ends/);
  expect(run.summary).toMatch(
    / Hosts with systemd 260 and newer believe its indexes until 20\d\d-\d\d-\d\d\./,
  );
  expect((await readFile(join(watched, 'said'), 'utf8')).match(/^gpg .*--detach-sign/m)).not.toBeNull();
});

it('publishes beside each image its hash tree, signed by the key for those, and lists all of them', async () => {
  const index = String(await bakery.github.read(repository, 'alpha', 'SHA256SUMS'));
  for (const arch of ['arm64', 'x86-64']) {
    const at = (kind: string): string => join(scratch, `alpha-1.0.0-${arch}.${kind}`);
    await using files = new AsyncDisposableStack();
    for (const kind of ['raw', 'verity', 'roothash', 'p7s']) {
      const bytes = await bakery.github.read(repository, 'alpha-1.0.0', basename(at(kind)));
      expect(index).toContain(`${sha256(bytes)}  ${basename(at(kind))}\n`);
      await writeFile(at(kind), bytes);
      files.defer(() => rm(at(kind)));
    }
    await writeFile(at('crt'), trees.certificate);
    files.defer(() => rm(at('crt')));
    const root = await readFile(at('roothash'), 'utf8');
    await runChecked(gpg.exec, 'veritysetup', ['verify', at('raw'), at('verity'), root]);
    const signed = ['-inform', 'der', '-in', at('p7s'), '-content', at('roothash')];
    const trust = ['-certfile', at('crt'), '-nointern', '-noverify'];
    await runChecked(gpg.exec, 'openssl', ['smime', '-verify', '-binary', ...signed, ...trust]);
  }
  const transfer = await bakery.github.read(repository, 'alpha', 'alpha.verity.transfer');
  expect(String(transfer)).toContain('Verify=true');
});

it.each([
  ['lost', {}, 'is signed: expected its key in BAKERY_SIGNING_KEY, got none'],
  [
    'without its passphrase',
    () => ({ ...secretsOf(keys.signingKey), BAKERY_SIGNING_PASSPHRASE: '' }),
    'cannot sign with',
  ],
])('fails before anything is written when the key is %s', async (_what, secrets, why) => {
  const given = typeof secrets === 'function' ? secrets() : secrets;
  await refused('update-all-metadata.yaml', given, why, ['Metadata']);
});

const writingJobs = ['Publish alpha 1.1.0', 'Metadata'];

describe('a new version', () => {
  beforeAll(() => world.putOut('alpha', '1.1.0'));

  it('is not published when the key is broken, and nothing else is written', async () => {
    const secrets = { ...secretsOf(keys.signingKey.slice(0, 300)), ...verity() };
    const why = 'BAKERY_SIGNING_KEY: expected a secret OpenPGP key';
    await refused('release.yaml', secrets, why, writingJobs);
  });

  it('is not published with sign: required and no key, and nothing else is written', async () => {
    await bakery.commit('bakery.yaml', `${settings}sign: required\n`);
    // Where nobody made the environment that has the key, nothing is built in vain.
    const early = 'expected the environment "signing" with the secret BAKERY_SIGNING_KEY';
    await refused('release.yaml', verity(), early, ['Check']);
    bakery.github.repo(repository).environments.set('signing', ['BAKERY_SIGNING_KEY']);
    const why = 'sign: required: expected a key in BAKERY_SIGNING_KEY';
    await refused('release.yaml', verity(), why, writingJobs);
  });

  it('is not published when the key of hash trees is broken; the index stays signed', async () => {
    const secrets = { ...secretsOf(keys.signingKey), ...verity(), BAKERY_VERITY_KEY: 'half a key' };
    const run = await watchedRun('release.yaml', secrets);
    expect(run.jobs).toMatchObject({ 'Publish alpha 1.1.0': 'failure' });
    expect(run.log).toContain('BAKERY_VERITY_KEY: expected a secret key as PEM');
    expect(written().filter((file) => file.includes('1.1.0'))).toEqual([]);
    expect(await verified('alpha')).toEqual({ by: keys.roles.active });
  });
});

async function refused(
  workflow: string,
  secrets: Readonly<Record<string, string>>,
  why: string,
  jobs: readonly string[],
): Promise<void> {
  const before = written();
  const run = await watchedRun(workflow, secrets);
  const failed = Object.entries(run.jobs).flatMap(([job, result]) => (result === 'failure' ? [job] : []));
  expect(failed).toEqual(jobs);
  for (const job of failed) expect(run.said[job]).toContain(why);
  expect(written()).toEqual(before);
  expect(await verified('alpha')).toEqual({ by: keys.roles.active });
}

/** Every file for hosts; what fails is remembered in a release beside. */
function written(): readonly string[] {
  return bakery.github
    .releases(repository)
    .filter(({ tag }) => tag !== 'bakery-status')
    .flatMap(({ tag, assets }) => assets.map(({ id, name, digest }) => `${tag} ${id} ${name} ${digest}`));
}

function verity(): Record<string, string> {
  return { BAKERY_VERITY_KEY: trees.key, BAKERY_VERITY_CERT: trees.certificate };
}

function secretsOf(key: string): Record<string, string> {
  return { BAKERY_SIGNING_KEY: key, BAKERY_SIGNING_PASSPHRASE: passphrase };
}

async function verified(tag: string): Promise<Verified> {
  const [text, signature] = await Promise.all(
    ['SHA256SUMS', 'SHA256SUMS.gpg'].map((name) => bakery.github.read(repository, tag, name)),
  );
  if (text === undefined || signature === undefined) throw new Error(`${tag}: no pair`);
  return verifyAsHosts({ text, signature }, { bytes: keys.ring, place: 'ring' }, gpg);
}

/** Puts a program in front of the real one that leaves word of its arguments and its environment. */
async function watch(program: string): Promise<void> {
  const script = `#!/bin/sh
{ echo "${program} $*"; tr '\\0' '\\n' </proc/$$/environ; } >>'${watched}/said'
PATH=\${PATH#*${watched}:} exec ${program} "$@"
`;
  await writeFile(join(watched, program), script);
  await chmod(join(watched, program), 0o755);
}

/** Runs a workflow and looks for the secrets: in its log, with every process, in what is left behind. */
async function watchedRun(workflow: string, secrets: Readonly<Record<string, string>>): Promise<Run> {
  const marks = [passphrase, lineOf(keys.signingKey), lineOf(trees.key)];
  const stop = new AbortController();
  const seen = lookAtProcesses(marks, stop.signal);
  const run = await bakery.run(workflow, { secrets });
  stop.abort();
  expect(await seen).toEqual([]);
  const said = [run.log, run.summary, await readFile(join(watched, 'said'), 'utf8').catch(() => '')];
  for (const mark of marks) expect(said.filter((text) => text.includes(mark))).toEqual([]);
  expect(await readdir(scratch)).toEqual([]);
  const left = await gpg.exec.run('grep', [
    '-rlF',
    ...marks.flatMap((mark) => ['-e', mark]),
    bakery.folder,
    world.folder,
  ]);
  expect(left.stdout).toBe('');
  return run;
}

/** One that is found nowhere else. */
function lineOf(key: string): string {
  return key.split('\n').find((line) => /^[\w+/]{50,}$/.test(line)) ?? 'no line';
}

/** Processes that have a secret in their arguments, or in their environment though they are no step that signs. */
async function lookAtProcesses(marks: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const found = new Set<string>();
  const has = (text: string): boolean => marks.some((mark) => text.includes(mark));
  while (!signal.aborted) {
    for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const [argv = [], env = []] = await Promise.all(
        ['cmdline', 'environ'].map((file) =>
          readFile(`/proc/${id}/${file}`, 'utf8').then(
            (text) => text.split('\0'),
            () => [],
          ),
        ),
      );
      // act gives the inputs of a composite action to all its steps, which GitHub does not.
      const given = env.filter((entry) => !entry.startsWith('INPUT_'));
      const command = argv.join(' ').trim();
      if (command === '') continue; // it ends just now: what it was is not to be read any more
      if (argv.some(has) || (given.some(has) && !signs.test(command))) found.add(command);
    }
    await pause(50);
  }
  return [...found];
}

/** The step, the launcher and the action; before it starts, a child is called as who starts it. */
const signs = /^bash .*\/(workflow|scripts)\/|\/actions\/src\/(publish-release|update-metadata)\.js$/;
