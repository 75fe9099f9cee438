import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { filesOf, manifestOf, releasedImages } from './store-folder.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  for (const version of ['1.0.0', '1.9.0', '1.10.0']) await bakery.putOut('alpha', version);
  for (const version of ['v2.0.0', 'v2.1.0']) await bakery.putOut('beta', version);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery release, told what to do,', () => {
  it.each([
    ['alpha:1.9.0', 'alpha-1.9.0'],
    ['alpha:v1.9.0', 'alpha-1.9.0'],
    ['beta:v2.0.0', 'beta-v2.0.0'],
    ['beta:2.0.0', 'beta-v2.0.0'],
  ])('builds %s as %s', async (asked, tag) => {
    const store = `out-${asked.replace(':', '-')}`;
    await runWell(bakery, ['release', asked, '--store', `dir:${store}`]);
    expect(await tags(store)).toEqual([tag]);
  });

  it('offers the closest versions when asked for one that is not there', async () => {
    const { code, stdout } = await runBakery(bakery, ['release', 'alpha:1.9.1', '--store', 'dir:none']);
    expect(code).toBe(1);
    expect(stdout).toContain('alpha: expected a version that exists, got "1.9.1"\n  hint: closest: 1.9.0,');
    expect(await filesOf(join(bakery.folder, 'none'))).toEqual({});
  });

  it('leaves to the next run what --max-builds forbids', async () => {
    const args = ['release', 'alpha', 'beta', '--store', 'dir:few', '--max-builds', '1'];
    const first = await runWell(bakery, args);
    expect(first.stdout).toContain('1 left for the next run because of --max-builds.');
    expect(await tags('few')).toEqual(['alpha-1.10.0']);
    expect(await manifestOf(join(bakery.folder, 'few'))).toHaveProperty('size', 2);
    await runWell(bakery, args);
    expect(await tags('few')).toEqual(['alpha-1.10.0', 'beta-v2.1.0']);
  });

  it('only shows what it would do with --dry-run', async () => {
    const args = ['release', 'alpha', 'beta:2.0.0', '--store', 'dir:dry', '--dry-run'];
    const { stdout } = await runWell(bakery, args);
    expect(stdout).toBe('build  alpha  1.10.0  latest\nbuild  beta   v2.0.0  asked\n');
    expect(await readdir(bakery.folder)).not.toContain('dry');
    expect(await readdir(bakery.tmpdir)).toEqual([]);
    const json: unknown = JSON.parse((await runWell(bakery, [...args, '--json'])).stdout);
    expect(json).toEqual({
      build: [
        { name: 'alpha', version: '1.10.0', why: 'latest' },
        { name: 'beta', version: 'v2.0.0', why: 'asked' },
      ],
      published: [],
      deferred: [],
      failures: [],
    });
  });

  it('tells scripts everything with --json, and people on the other stream', async () => {
    const { code, stdout, stderr } = await runBakery(bakery, [
      'release',
      'alpha',
      'delta',
      '--json',
      '--store',
      'dir:json',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('Build alpha 1.10.0 for x86-64 and arm64\n');
    const wanted = { name: 'alpha', version: '1.10.0', why: 'latest' };
    const image = {
      size: expect.any(Number),
      unpackedSize: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      format: 'squashfs',
      tool: expect.stringMatching(/^mksquashfs \d/),
      epoch: 0,
      options: { greeting: 'hello' },
      packing: { compression: 'zstd', level: 15, blockSize: 262_144 },
      machine: { os: expect.any(String), arch: expect.any(String) },
      libraries: expect.objectContaining({ libzstd: expect.any(String) }),
      test: expect.objectContaining({ verdict: expect.stringMatching(/^(passed|skipped)$/) }),
    };
    expect(JSON.parse(stdout)).toEqual({
      plan: { build: [wanted], published: [], deferred: [] },
      published: [
        {
          wanted,
          images: [
            { ...image, file: 'alpha-1.10.0-x86-64.raw', artifacts: [artifactOf('amd64')] },
            { ...image, file: 'alpha-1.10.0-arm64.raw', artifacts: [artifactOf('aarch64')] },
          ],
        },
      ],
      failures: [
        {
          name: 'delta',
          version: 'latest',
          code: 'recipe.unknown',
          error: expect.stringContaining('delta: expected the name of a recipe'),
          hint: expect.any(String),
        },
      ],
      metadata: ['alpha', 'SHA256SUMS'],
      postponed: [],
    });
  });

  it('writes the hub into all sysupdate files, streams included', async () => {
    const hub = 'https://example.org/extensions';
    await runWell(bakery, ['release', 'beta', 'alpha:1.9.0', '--store', 'dir:hub', '--hub', hub]);
    const files = [
      'beta/beta.conf',
      'beta/beta.transfer',
      'beta-v2.1.0/beta.conf',
      'beta/beta-v2.conf',
      'beta-v2.conf',
    ];
    for (const file of files) {
      expect(await textOf('hub', file)).toContain('\nPath=https://example.org/extensions/beta/\n');
    }
    expect(await textOf('hub', 'beta/beta.conf')).toContain('\nMatchPattern=beta-@v-%a.raw\n');
    expect(await textOf('hub', 'beta/beta-v2.conf')).toContain('\nMatchPattern=beta-v2.@v-%a.raw\n');
    expect(await textOf('hub', 'alpha/alpha-v1.conf')).toContain('\nMatchPattern=alpha-1.@v-%a.raw\n');

    await runWell(bakery, ['metadata', '--all', '--store', 'dir:hub', '--hub', 'http://10.0.0.1']);
    expect(await textOf('hub', 'beta-v2.conf')).toContain('\nPath=http://10.0.0.1/beta/\n');
    expect(await textOf('hub', 'beta-v2.1.0/beta.conf')).toContain('https://example.org/');
  });

  it.each([
    ['nothing', '', 'false'],
    ['a ring beside bakery.yaml', '', 'true'],
    ['sign: required', 'sign: required\n', 'true'],
  ])('has hosts check signatures with %s as the feed will be signed', async (what, sign, verify) => {
    await bakery.write('signed/bakery.yaml', `recipes: [../recipes]\n${sign}`);
    if (what.startsWith('a ring')) await bakery.write('signed/import-pubring.gpg', 'keys');
    const folder = join(bakery.folder, 'signed');
    await runWell({ ...bakery, folder }, ['create', 'alpha', '1.9.0', '--sysupdate', '--force']);
    expect(await textOf('signed', 'alpha.transfer')).toContain(`\nVerify=${verify}\n`);
  });

  it('takes recipes of --recipes before its own of that name', async () => {
    const recipe = await textOf('recipes', 'alpha/recipe.yaml');
    await bakery.write('mine/nodejs/recipe.yaml', recipe.replace('name: alpha', 'name: nodejs'));
    await runWell(bakery, ['release', 'nodejs', 'beta', '--store', 'dir:mine-out'].concat(both));
    expect(await tags('mine-out')).toEqual(['beta-v2.1.0', 'nodejs-1.10.0']);
  });

  it('needs no network with --offline once it has run', async () => {
    const cache = join(bakery.folder, 'cache-offline');
    const env = { BAKERY_CACHE: cache };
    await runWell(bakery, ['release', 'beta', '--store', 'dir:online'], { env });
    const asked = bakery.upstream.requests.length;
    const offline = ['release', 'beta', '--offline', '--store'];
    expect(await runWell(bakery, [...offline, 'dir:online'], { env })).toMatchObject({
      stdout: 'Nothing to do: the one wanted version is in dir:online.\n',
    });
    await runWell(bakery, [...offline, 'dir:again'], { env });
    expect(await manifestOf(join(bakery.folder, 'again'))).toEqual(
      await manifestOf(join(bakery.folder, 'online')),
    );
    const { code, stdout } = await runBakery(bakery, ['release', 'alpha', '--offline'], { env });
    expect(code).toBe(1);
    expect(stdout).toContain('hint: run once without --offline');
    expect(bakery.upstream.requests).toHaveLength(asked);
  });

  it('reads settings from the file --config names, and finds paths beside it', async () => {
    await bakery.write('site/list.txt', 'beta v2.0.0\n');
    await bakery.write('site/bakery.yaml', 'recipes: [recipes]\nstore: dir:shelf\nlist: list.txt\n');
    await cp(join(bakery.folder, 'recipes'), join(bakery.folder, 'site/recipes'), { recursive: true });
    await runWell(bakery, ['release', '--config', 'site/bakery.yaml']);
    expect(await tags('site/shelf')).toEqual(['beta-v2.0.0']);
  });
});

const both = ['--recipes', 'recipes', '--recipes', 'mine'];

function artifactOf(arch: string) {
  return {
    url: `https://alpha.example/1.10.0/alpha-${arch}.tar.gz`,
    size: expect.any(Number),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    proved: expect.stringMatching(/^sha256:[0-9a-f]{64} from https:/),
  };
}

async function tags(store: string): Promise<string[]> {
  const images = await releasedImages(join(bakery.folder, store));
  return [...new Set(images.map((path) => path.split('/')[0] ?? ''))];
}

function textOf(folder: string, file: string): Promise<string> {
  return readFile(join(bakery.folder, folder, file), 'utf8');
}
