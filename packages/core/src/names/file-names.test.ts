import { describe, expect, it } from '@jest/globals';
import {
  imageName,
  inputsName,
  isPartName,
  parseImageName,
  parsePartName,
  passesForImage,
  recordNames,
  sidecarKinds,
  sidecarName,
} from './file-names.ts';
import { releaseTag } from './tag.ts';

describe('what lies beside an image', () => {
  const image = { name: 'k3s', version: 'v1.34.2+k3s1', arch: 'x86-64' } as const;

  it.each(sidecarKinds)('is called like it, and read back: .%s', (kind) => {
    const file = `k3s-v1.34.2+k3s1-x86-64.${kind}`;
    expect(sidecarName(image, kind)).toBe(file);
    expect(parsePartName(file, 'k3s')).toEqual({ ...image, kind });
    expect(parseImageName(file, 'k3s')).toBeUndefined();
    expect(isPartName(file)).toBe(true);
  });

  it('is told from the image and from other files', () => {
    expect(parsePartName(imageName(image), 'k3s')).toEqual({ ...image, kind: 'raw' });
    for (const file of ['k3s-1-x86-64.roothash.p7s', 'k3s-1.verity', 'k3s.verity', 'k3s.verity.conf']) {
      expect(parsePartName(file, 'k3s')).toBeUndefined();
      expect(isPartName(file)).toBe(false);
    }
  });

  it('has no name that begins with another, as systemd up to 257 does not look at what follows', () => {
    const ends = ['raw', ...sidecarKinds];
    for (const end of ends) expect(ends.filter((other) => other.startsWith(end))).toEqual([end]);
  });
});

describe('an image name', () => {
  it.each([
    ['k3s', 'v1.34.2+k3s1', 'x86-64', 'k3s-v1.34.2+k3s1-x86-64.raw'],
    ['nodejs', '24.1.0', 'arm64', 'nodejs-24.1.0-arm64.raw'],
    ['docker-compose', '2.24.5', 'x86-64', 'docker-compose-2.24.5-x86-64.raw'],
    ['bird', '3.1-x86-64', 'x86-64', 'bird-3.1-x86-64-x86-64.raw'],
  ] as const)('of %s %s for %s is %s, and read back', (name, version, arch, file) => {
    expect(imageName({ name, version, arch })).toBe(file);
    expect(parseImageName(file, name)).toEqual({ name, version, arch });
  });

  it.each([
    ['docker-compose-2.24.5-x86-64.raw', 'docker'],
    ['docker-24.0.7-x86-64.raw', 'docker-compose'],
    ['docker-24.0.7-x86-64.raw', 'dock'],
    ['docker-24.0.7-amd64.raw', 'docker'],
    ['docker-24.0.7-x86-64.raw.xz', 'docker'],
    ['docker-24.0.7~rc1-x86-64.raw', 'docker'],
    ['docker--x86-64.raw', 'docker'],
    ['docker-x86-64.raw', 'docker'],
    ['docker-1-x86-64.raw1-x86-64.raw', 'docker'],
    ['docker.conf', 'docker'],
    ['SHA256SUMS', 'docker'],
  ])('is not %s for %s', (file, name) => {
    expect(parseImageName(file, name)).toBeUndefined();
  });

  it.each([
    '',
    '1.0~rc1',
    '1.0^git1',
    '1:1.0',
    '1.0/../x',
    '1.0 x',
    '1.0\n',
    '1,0',
    '1@v',
    '%a',
    'latest',
    '-1',
    '1..2',
    '1.0-arm64.raw-2',
    '1.0-x86-64.raw2',
    'ü1',
    '1'.repeat(200),
  ])('is refused for the version %j', (version) => {
    expect(() => imageName({ name: 'docker', version, arch: 'arm64' })).toThrow('cannot be published');
  });

  it.each(['', 'Docker', 'a/b', 'a b', '../a', 'a-1', 'a%a'])('is refused for the extension %j', (name) => {
    expect(() => releaseTag(name, '1.0')).toThrow(`extension name "${name}"`);
  });
});

it('names what lies beside images after the release', () => {
  expect(recordNames('k3s', 'v1.34.2+k3s1')).toEqual(
    ['inputs', 'cdx', 'sigstore'].map((kind) => `k3s-v1.34.2+k3s1.${kind}.json`),
  );
  expect(inputsName('k3s', 'v1.34.2+k3s1')).toBe('k3s-v1.34.2+k3s1.inputs.json');
});

it.each([
  ['n-1-x86-64.raw', false],
  ['n-1-x86-64.raw.asc', true],
  ['n-1-arm64.raw-2-x86-64.raw', true],
  ['n-1-x86-64.verity', false],
  ['n-1.inputs.json', false],
])('%s passes for an image: %s', (file, passes) => {
  expect(passesForImage(file)).toBe(passes);
});
