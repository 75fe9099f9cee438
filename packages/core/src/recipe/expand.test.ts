import { describe, expect, it } from '@jest/globals';
import { expandRecipe } from './expand.ts';
import type { ImagePlan } from './image-plan.ts';
import { parseRecipe } from './load.ts';

const head = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0] }
arch: { x86-64: amd64 }
options: { plugin: { help: A plugin } }
`;
const plan = (body: string, version = '1.0.0', options = {}): ImagePlan =>
  expandRecipe(
    { ...parseRecipe(head + body, 'demo/recipe.yaml'), folder: '/r/demo' },
    { version, arch: 'x86-64', options: { plugin: '', ...options } },
  );
const fetching = (url: string, more = 'place: /usr/x'): string =>
  `artifacts: [{ url: "${url}", integrity: { none: test }, ${more} }]\n`;

const addressFor = (plugin: string): string | undefined =>
  plan(fetching('https://e.org/{version}/{plugin}'), '1.0.0+k3s1', { plugin }).downloads[0]?.url;

describe('a recipe applied to a version', () => {
  it('refuses an arch it is not built for', () => {
    const loaded = { ...parseRecipe(head, 'demo/recipe.yaml'), folder: '/r/demo' };
    expect(() => expandRecipe(loaded, { version: '1.0.0', arch: 'arm64', options: {} })).toThrow(
      'demo: expected an architecture it is built for (x86-64), got arm64',
    );
  });

  it('multiplies every key of each', () => {
    const urls = plan(
      `artifacts: [{ each: { a: [1, 2], b: [x, y] }, url: "https://e.org/{a}{b}", integrity: { none: t }, place: "/usr/{a}/{b}" }]\n`.replace(
        '[1, 2]',
        "['1', '2']",
      ),
    ).downloads.map(({ url }) => url.slice(-2));
    expect(urls).toEqual(['1x', '1y', '2x', '2y']);
  });

  it('leaves what its conditions exclude', () => {
    const body = `folders:
  - { path: /usr/old, when: <1 }
  - { path: /usr/new, when: '>=1' }
  - { path: /usr/arm, if: { plugin: { not: '' } } }
  - { path: /usr/plain, if: { plugin: ['', none] } }
`;
    expect(plan(body).folders.map(({ path }) => path)).toEqual(['/usr/new', '/usr/plain']);
  });

  it.each(['../1', '1/2', '1..2', '1 2', '1~rc1', '1:2', '', '1\n2', '1?x'])(
    'refuses version %j',
    (version) => {
      expect(() => plan('', version)).toThrow('cannot be published');
    },
  );

  it('lets no option value leave the image', () => {
    const body = 'folders: [{ path: "/usr/lib/{plugin}/x" }]\n';
    expect(() => plan(body, '1.0.0', { plugin: '../../../etc' })).toThrow(
      'demo/recipe.yaml:9:11 folders[0]: "/usr/lib/{plugin}/x": expected /usr, /opt or a path below them without "." or ".." parts, got "/usr/lib/../../../etc/x"',
    );
  });

  it.each(['..', '../x', 'a/../b', '.'])(
    'lets no option value leave the folder of an address: %s',
    (plugin) => {
      expect(() => plan(fetching('https://e.org/a/{plugin}/b'), '1.0.0', { plugin })).toThrow(
        'expected an address without "." or ".." parts',
      );
    },
  );

  it('keeps "+", "/" and "@" in addresses and encodes what would end a path', () => {
    expect(addressFor('a/b@c')).toBe('https://e.org/1.0.0+k3s1/a/b@c');
    expect(addressFor('a?b#c d')).toBe('https://e.org/1.0.0+k3s1/a%3Fb%23c%20d');
  });

  it('gives a checksum the decoded file name and the encoded address', () => {
    const body = `artifacts:
  - url: https://e.org/{plugin}
    integrity: { sums: '{url}/../SHA', name: './{base}' }
    place: /usr/x
`;
    expect(() => plan(body, '1.0.0', { plugin: 'a b' })).toThrow('"." or ".." parts');
    const proof = plan(body.replace('/../SHA', '.sums'), '1.0.0', { plugin: 'a b' }).downloads[0]?.integrity;
    expect(proof).toEqual({ kind: 'sums', sums: 'https://e.org/a%20b.sums', name: './a b' });
  });

  it('takes the hash of the arch', () => {
    const hash = `sha256:${'a'.repeat(64)}`;
    const body = (arch: string): string =>
      `artifacts: [{ url: https://e.org/x, integrity: { literal: { ${arch}: '${hash}' } }, place: /usr/x }]\n`;
    expect(plan(body('x86-64')).downloads[0]?.integrity).toEqual({
      kind: 'literal',
      hashes: { 'x86-64': hash },
    });
    expect(() => plan(body('arm64'))).toThrow('expected a hash for x86-64, got none');
  });

  it('says which hosts the image fits, which an option may decide', () => {
    expect(plan('').os).toEqual({ id: '_any' });
    expect(plan('os: { id: flatcar }\n').os).toEqual({ id: 'flatcar', level: '1.0' });
    expect(plan("os: { id: debian, version: '{plugin}' }\n", '1.0.0', { plugin: '13' }).os).toEqual({
      id: 'debian',
      version: '13',
    });
    expect(plan('os: { id: arch, rolling: true }\n').os).toEqual({ id: 'arch', rolling: true });
  });

  it('says which part of the version is missing', () => {
    expect(() => plan(fetching('https://e.org/{minor}'), '20')).toThrow(
      /^demo\/recipe\.yaml:9:13 artifacts\[0\]: expected one of .*\{major\}.*, got \{minor\}$/,
    );
  });

  it('knows npm archives, sizes and modes', () => {
    const [download] = plan(
      fetching(
        'npm:@scope/x-{arch}@{version}',
        'unpack: { limit: 2M, files: { a: { to: /usr/a, mode: "640" } } }',
      ),
    ).downloads;
    expect(download).toMatchObject({
      url: 'npm:@scope/x-amd64@1.0.0',
      unpack: {
        format: 'tar.gz',
        strip: 0,
        limit: 2 * 1024 ** 2,
        files: [{ member: 'a', target: { mode: 0o640 } }],
      },
    });
  });

  it('splits a smoke command before it fills it in, so that a value stays one argument', () => {
    const [smoke] = plan('smoke: [{ run: "demo  {plugin} -v", prints: "v{bare}" }]\n', 'v1.0.0', {
      plugin: 'a b',
    }).smoke;
    expect(smoke).toMatchObject({ argv: ['demo', 'a b', '-v'], prints: 'v1.0.0' });
  });

  it('fills in texts and leaves foreign braces alone', () => {
    const body = `text:
  - path: /usr/x
    content: '{"a":{"b":"{bare}"}} \${HOME} {{name}}'
`;
    expect(plan(body).texts[0]?.content).toBe('{"a":{"b":"1.0.0"}} ${HOME} {name}');
  });
});
