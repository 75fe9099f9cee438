import { chmod, mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { type KeySet, makeKeys } from '@bakery/core/src/signing/key-set.ts';
import { type Verified, verifyAsHosts } from '@bakery/core/src/signing/ring.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import type { Run } from './act.ts';
import { fork, repository, type Fork } from './fork.ts';

const passphrase = 'correct-horse-battery-staple';
const gpg = { exec: spawnExec({ ...process.env }), tmpdir: tmpdir(), now: Date.now };

let stack: AsyncDisposableStack;
let world: ExampleBakery;
let bakery: Fork;
let keys: KeySet;
/** Programs that write down what they are given, and then do their work. */
let watched: string;
/** For scratch files of jobs. */
let scratch: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'sg-')));
  [watched, scratch] = [join(folder, 'bin'), join(folder, 'tmp')];
  await Promise.all([watched, scratch].map((path) => mkdir(path)));
  for (const program of ['gpg', 'gpgconf', 'mksquashfs', 'unsquashfs', 'git', 'npm']) await watch(program);
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${watched}:${before}`; // what act and all its steps start from
  stack.defer(() => void (process.env['PATH'] = before));
  keys = await makeKeys('A feed', { passphrase, lifetime: '2y' }, gpg);
  world = stack.use(await exampleBakery());
  await world.putOut('alpha', '1.0.0');
  await world.write('release_build_versions.txt', 'alpha latest\n');
  await world.write('bakery.yaml', 'recipes: [recipes]\nrebuild: off\nsign: { best-before: 30 }\n');
  await writeFile(join(world.folder, 'import-pubring.gpg'), keys.ring);
  const { BAKERY_MIRRORS = '', BAKERY_CACHE = '', HOME = '' } = world.env;
  const env = { BAKERY_MIRRORS, BAKERY_CACHE, HOME, TMPDIR: scratch };
  bakery = stack.use(await fork({ recipes: world.folder, env, bundled: true }));
});
afterAll(() => stack.disposeAsync());

it('publishes and lists signed where there is a key, and nobody but who signs ever sees it', async () => {
  const run = await watchedRun('release.yaml', secretsOf(keys.signingKey));
  expect({ ok: run.ok, why: run.ok ? '' : run.log }).toEqual({ ok: true, why: '' });
  for (const tag of ['alpha-1.0.0', 'alpha', 'bakery-keys', 'SHA256SUMS']) {
    expect(await verified(tag)).toEqual({ by: keys.roles.active });
  }
  expect(String(await bakery.github.read(repository, 'SHA256SUMS', 'SHA256SUMS'))).toContain(
    '  bakery-keys-',
  );
  expect(run.summary).toContain(`Signed by ${keys.roles.active}`);
  expect(run.summary).toMatch(
    / Hosts with systemd 260 and newer believe its indexes until 20\d\d-\d\d-\d\d\./,
  );
  expect((await readFile(join(watched, 'said'), 'utf8')).match(/^gpg .*--detach-sign/m)).not.toBeNull();
});

it.each([
  ['lost', {}, 'is signed: expected its key in BAKERY_SIGNING_KEY, got none'],
  [
    'broken',
    () => secretsOf(keys.signingKey.slice(0, 300)),
    'BAKERY_SIGNING_KEY: expected a secret OpenPGP key',
  ],
  [
    'without its passphrase',
    () => ({ ...secretsOf(keys.signingKey), BAKERY_SIGNING_PASSPHRASE: '' }),
    'cannot sign with',
  ],
])('fails before anything is written when the key is %s', async (_what, secrets, why) => {
  await refused(typeof secrets === 'function' ? secrets() : secrets, why);
});

it('fails with sign: required and no key', async () => {
  await bakery.commit('bakery.yaml', 'recipes: [recipes]\nrebuild: off\nsign: required\n');
  await refused({}, 'sign: required: expected a key in BAKERY_SIGNING_KEY');
});

async function refused(secrets: Readonly<Record<string, string>>, why: string): Promise<void> {
  bakery.github.clearLog();
  const run = await watchedRun('update-all-metadata.yaml', secrets);
  expect(run.ok).toBe(false);
  expect(run.log).toContain(why);
  expect([...bakery.github.writes().values()]).toEqual([]);
  expect(await verified('alpha')).toEqual({ by: keys.roles.active });
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
  const marks = [passphrase, keys.signingKey.split('\n').find((line) => line.length > 50) ?? 'no line'];
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
