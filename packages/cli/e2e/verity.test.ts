import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { verityKeys } from '@bakery/core/testing/verity-keys.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

const arches = ['arm64', 'x86-64'];
const kinds = ['p7s', 'raw', 'roothash', 'verity'];
const ofVersion = (version: string) =>
  arches.flatMap((arch) => kinds.map((kind) => `alpha-${version}-${arch}.${kind}`));
const transfers = ['alpha', 'alpha.p7s', 'alpha.roothash', 'alpha.verity'].flatMap((base) =>
  ['conf', 'transfer'].map((ending) => `${base}.${ending}`),
);

let bakery: ExampleBakery;
let env: Readonly<Record<string, string>>;
const run = (...args: readonly string[]) => runWell(bakery, args, { env });
beforeAll(async () => {
  bakery = await exampleBakery();
  const { key, certificate } = await verityKeys('a feed');
  await bakery.write('verity.key', key);
  env = { BAKERY_VERITY_KEY: 'verity.key', BAKERY_VERITY_CERT: certificate };
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  await bakery.putOut('alpha', '1.0.0');
  await run('release', '--no-test');
  await bakery.write('bakery.yaml', 'recipes: [recipes]\nverity: sidecar\n');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('publishes nothing without a key, which no later run could mend', async () => {
  await bakery.putOut('alpha', '1.1.0');
  const cases = [
    [{}, 'verity.no-key'],
    [{ BAKERY_VERITY_KEY: 'verity.key' }, 'expected BAKERY_VERITY_CERT as well'],
    [
      { ...env, BAKERY_VERITY_KEY: 'nowhere' },
      'expected a secret key as PEM, or a file with one, got neither',
    ],
  ] as const;
  for (const [given, why] of cases) {
    const { code, stdout, stderr } = await runBakery(bakery, ['release', '--no-test', '--json'], {
      env: given,
    });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(why);
  }
  expect(await filesOf('alpha')).not.toContain('alpha-1.1.0-x86-64.raw');
});

it('puts what dm-verity needs beside images, in manifests and in files for hosts, the same each time', async () => {
  await run('release', '--no-test');
  const own = await filesOf('alpha-1.1.0');
  expect(own).toEqual(expect.arrayContaining([...ofVersion('1.1.0'), ...transfers]));
  expect(await listedIn('alpha-1.1.0')).toEqual(ofVersion('1.1.0'));
  // What was published before has nothing beside it, and stays as it is.
  const before = arches.map((arch) => `alpha-1.0.0-${arch}.raw`);
  for (const place of ['alpha', '.']) {
    expect(await listedIn(place)).toEqual([...before, ...ofVersion('1.1.0')]);
    expect(await filesOf(place)).toEqual(expect.arrayContaining([...ofVersion('1.1.0'), ...transfers]));
  }
  expect(await readFile(at('alpha/alpha.conf'), 'utf8')).toContain(
    'CurrentSymlink=/etc/extensions/alpha.raw\n',
  );
  await namesSidecars('out');
  expect((await run('release')).stdout).toContain('Nothing to do');
  expect((await run('check', '--deep')).stdout).toContain('are as published');

  await run('release', '--no-test', '--store', 'dir:again', 'alpha:1.1.0');
  for (const file of ofVersion('1.1.0')) {
    const again = await readFile(join(bakery.folder, 'again/alpha', file));
    expect(again.equals(await readFile(at(`alpha/${file}`)))).toBe(true);
  }
});

it('copies, checks and takes away what lies beside images with them', async () => {
  await run('mirror', 'dir:out', 'dir:copy');
  expect(await readFile(join(bakery.folder, 'copy/SHA256SUMS'), 'utf8')).toBe(
    await readFile(at('SHA256SUMS'), 'utf8'),
  );
  for (const file of [...ofVersion('1.1.0'), ...transfers]) {
    const copied = await readFile(join(bakery.folder, 'copy/alpha', file));
    expect(copied.equals(await readFile(at(`alpha/${file}`)))).toBe(true);
  }
  await namesSidecars('copy');
  await bakery.putOut('alpha', '1.2.0');
  await run('release', '--no-test');
  await run('yank', 'alpha:1.1.0', '--why', 'broken');
  expect((await listedIn('alpha')).filter((file) => file.includes('1.1.0'))).toEqual([]);
  expect((await filesOf('alpha')).filter((file) => file.includes('1.1.0'))).toEqual([]);
  expect(await filesOf('alpha-1.1.0')).toEqual(expect.arrayContaining(ofVersion('1.1.0')));
});

it('is off again with the word, and keeps what hosts have', async () => {
  await bakery.write('bakery.yaml', 'recipes: [recipes]\n');
  await bakery.putOut('alpha', '1.3.0');
  env = {};
  await run('release', '--no-test');
  expect(await listedIn('alpha')).toEqual(expect.arrayContaining(ofVersion('1.2.0')));
  expect((await filesOf('alpha-1.3.0')).filter((file) => /verity|roothash|p7s/.test(file))).toEqual([]);
});

it('says where another word stands', async () => {
  await bakery.write('bakery.yaml', 'recipes: [recipes]\nverity: yes please\n');
  const { stderr } = await runBakery(bakery, ['list'], { env });
  expect(stderr).toContain('bakery.yaml:2:1 verity: expected "sidecar" or "off", got "yes please"');
});

/** Each with its hash, for the version that has them. */
async function namesSidecars(folder: string): Promise<void> {
  const { stdout } = await run('info', 'alpha', '--json', '--store', `dir:${folder}`);
  const [newest, older] = JSON.parse(stdout).versions;
  const sums = await readFile(join(bakery.folder, folder, 'alpha/SHA256SUMS'), 'utf8');
  for (const image of newest.images)
    for (const kind of ['verity', 'roothash', 'p7s']) {
      const file = `alpha-1.1.0-${image.arch}.${kind}`;
      expect(image[kind]).toMatchObject({ file, url: expect.stringMatching(`/${file}$`) });
      expect(sums).toContain(`${image[kind].sha256}  ${file}\n`);
    }
  expect(Object.keys(older.images[0])).not.toContain('verity');
}

function at(path: string): string {
  return join(bakery.folder, 'out', path);
}

async function filesOf(tag: string): Promise<readonly string[]> {
  return (await readdir(at(tag))).toSorted();
}

async function listedIn(tag: string): Promise<readonly string[]> {
  const text = await readFile(at(`${tag}/SHA256SUMS`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => line.slice(66));
}
