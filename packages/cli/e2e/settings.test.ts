import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { filesOf } from './store-folder.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await bakery.putOut('alpha', version);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('bakes one recipe twice, under two names, with options, formats and versions of its own', async () => {
  await bakery.write(
    'bakery.yaml',
    `recipes: [recipes]
settings: { format: erofs }
extensions:
  alpha: { streams: minor, latest: { minors: 2 } }
`,
  );
  await bakery.write(
    'release_build_versions.txt',
    'alpha latest\nalpha latest as=alpha-loud greeting=HELLO format=squashfs # for those who shout\n',
  );
  await runWell(bakery, ['release']);
  const files = Object.keys(await filesOf(join(bakery.folder, 'out')));
  expect(await inputs('alpha-1.1.0')).toMatchObject({
    name: 'alpha',
    ...all({ format: 'erofs', options: { greeting: 'hello' } }),
  });
  expect(await inputs('alpha-2.0.0')).toMatchObject({ version: '2.0.0' });
  expect(await inputs('alpha-loud-2.0.0')).toMatchObject({
    name: 'alpha-loud',
    ...all({ format: 'squashfs', options: { greeting: 'HELLO' } }),
  });
  expect(files).toEqual(
    expect.arrayContaining(['alpha/alpha-v1.1.conf', 'alpha/alpha-v2.0.conf', 'alpha-loud/alpha-loud.conf']),
  );
  expect(files).not.toContain('alpha/alpha-v1.conf');
  expect((await runWell(bakery, ['release'])).stdout).toContain('Nothing to do: all 3 wanted versions');
  const verify = ['verify', 'out/alpha-loud/alpha-loud-2.0.0-x86-64.raw'];
  expect((await runWell(bakery, verify)).code).toBe(0);
});

it('tells an option the recipe has not got by its place, and builds the others', async () => {
  await bakery.write('release_build_versions.txt', 'alpha 1.0.0\nbeta latest greting=x\n');
  const { code, stdout } = await runBakery(bakery, ['check']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^build +alpha +1\.0\.0/m);
  expect(stdout).toContain(
    'release_build_versions.txt:2:13 options.greting: expected an option of beta: greeting; did you mean greeting?',
  );
});

async function inputs(tag: string): Promise<unknown> {
  return JSON.parse(await readFile(join(bakery.folder, 'out', tag, `${tag}.inputs.json`), 'utf8'));
}

function all(image: object): object {
  return { images: { 'x86-64': image, arm64: image } };
}
