import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type Ended, runBakery, runWell } from './run-bakery.ts';

const passphrase = 'a-stable-with-nine-lanterns';

let bakery: ExampleBakery;
let env: Readonly<Record<string, string>>;
const key = (...args: readonly string[]): Promise<Ended> => runWell(bakery, ['key', ...args], { env });
beforeAll(async () => {
  bakery = await exampleBakery();
});
beforeEach(() => {
  env = { BAKERY_SIGNING_PASSPHRASE: passphrase };
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('key new writes all keys of a feed, the secret ones for their owner alone, and says what goes where', async () => {
  const { stdout } = await key('new', 'keys', '--owner', 'A feed');
  const entries = await readdir(at('keys'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const modes = files.map(async (file) => [
    file.slice(at('keys/').length),
    ((await stat(file)).mode & 0o777).toString(8),
  ]);
  expect(Object.fromEntries(await Promise.all(modes))).toEqual({
    '.gitignore': '600',
    'import-pubring.gpg': '600',
    'signing-key.asc': '600',
    'offline/keys.json': '600',
    'offline/primary.asc': '600',
    'offline/revocation.asc': '600',
    'offline/spare.asc': '600',
  });
  for (const line of [
    'gh secret set --env signing BAKERY_SIGNING_KEY <keys/signing-key.asc',
    'gh secret set --env signing BAKERY_SIGNING_PASSPHRASE',
    'cp keys/import-pubring.gpg . && git add import-pubring.gpg',
    'Take keys/offline/ away, twice, and delete keys/signing-key.asc here.',
  ])
    expect(stdout).toContain(line);
  expect(stdout).not.toContain(passphrase);
  // What CI gets signs, and cannot certify.
  const packets = await packetsOf('keys/signing-key.asc');
  expect(packets.filter((line) => line.includes('gnu-dummy'))).toHaveLength(1);
  expect(packets.filter((line) => line.startsWith(':secret sub key'))).toHaveLength(1);
  const { code, stderr } = await runBakery(bakery, ['key', 'new', 'keys'], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('keys: expected') });
});

it('key show names what each key is for, and key check signs as a release would', async () => {
  expect(await uses()).toEqual(['certifies', 'signs', 'spare']);
  const [, active] = await shown();
  const { stdout, stderr } = await key('check', 'keys');
  expect(stdout).toMatch(/^signs, and the ring verifies it: [0-9A-F]{40}, good until 20\d\d-\d\d-\d\d\n$/);
  expect(stdout).toContain(active?.fingerprint);
  expect(stderr).toBe('');
  env = { ...env, BAKERY_SIGNING_PASSPHRASE: 'wrong' };
  const wrong = await runBakery(bakery, ['key', 'check', 'keys'], { env });
  expect({ code: wrong.code, stderr: wrong.stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('cannot sign with'),
  });
});

it('key check warns before the key ends', async () => {
  await key('new', 'short', '--lifetime', '59d');
  const { stderr } = await key('check', 'short');
  expect(stderr).toMatch(/ signs for 5[89] more days: run bakery key rotate DIR before it ends$/m);
});

it('key rotate goes the only way that works: the spare signs, both are known, and what is old is dropped last', async () => {
  const [, before, spare] = await shown();
  const early = await runBakery(bakery, ['key', 'rotate', 'keys', '--drop'], { env });
  expect(early.stderr).toContain('expected keys that sign no more, found none');
  const { stdout } = await key('rotate', 'keys');
  expect(stdout).toContain('5. bakery key rotate keys --drop');
  expect((await shown()).find(({ use }) => use === 'signs')?.fingerprint).toBe(spare?.fingerprint);
  expect((await shown()).find(({ use }) => use === 'retired')?.fingerprint).toBe(before?.fingerprint);
  expect((await key('check', 'keys')).stdout).toContain(spare?.fingerprint);
  // Hosts have not got the new spare yet.
  const again = await runBakery(bakery, ['key', 'rotate', 'keys'], { env });
  expect(again.stderr).toContain('expected a spare key that hosts have had for 30 days, got one of 0 days');
  await key('rotate', 'keys', '--now');
  expect((await uses()).toSorted()).toEqual(['certifies', 'retired', 'retired', 'signs', 'spare']);
  await key('rotate', 'keys', '--drop');
  expect((await uses()).toSorted()).toEqual(['certifies', 'signs', 'spare']);
  expect((await key('check', 'keys')).code).toBe(0);
});

it('what was made signs a release on a laptop, by the file or by the key itself', async () => {
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write(
    'bakery.yaml',
    'recipes: [recipes]\nsign: { when: required, ring: keys/import-pubring.gpg }\n',
  );
  env = { ...env, BAKERY_SIGNING_KEY: 'keys/signing-key.asc' };
  await runWell(bakery, ['release', 'alpha:1.0.0', '--no-test'], { env });
  const ring = ['--keyring', at('keys/import-pubring.gpg')];
  const pair = ['SHA256SUMS.gpg', 'SHA256SUMS'].map((name) => at(`out/alpha/${name}`));
  const asHosts = ['--no-options', '--no-default-keyring', '--batch', '--trust-model=always', ...ring];
  await runChecked(spawnExec(process.env), 'gpg', [...asHosts, '--verify', ...pair]);
  env = { ...env, BAKERY_SIGNING_KEY: await readFile(at('keys/signing-key.asc'), 'utf8') };
  expect((await runWell(bakery, ['metadata', '--all'], { env })).stdout).not.toContain('written');
});

function at(path: string): string {
  return join(bakery.folder, path);
}

interface Shown {
  readonly fingerprint: string;
  readonly use: string;
}

async function shown(): Promise<readonly Shown[]> {
  return JSON.parse((await key('show', 'keys', '--json')).stdout);
}

async function uses(): Promise<readonly string[]> {
  return (await shown()).map(({ use }) => use);
}

async function packetsOf(file: string): Promise<readonly string[]> {
  const exec = spawnExec(process.env);
  return (await runChecked(exec, 'gpg', ['--batch', '--list-packets', at(file)])).split('\n');
}
