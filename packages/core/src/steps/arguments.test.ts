import { describe, expect, it } from '@jest/globals';
import { aptRootArgs, unpackedPackages } from './apt-root.ts';
import { createArgs } from './container-args.ts';
import { relocateArgs } from './dynamic.ts';
import { parseEntryPath } from './entry-path.ts';
import { fetchArgs, listRefArgs } from './git-args.ts';
import { chooseImage, imageOverridesFromMap, parseImageOverrides } from './image-overrides.ts';
import { skopeoArgs } from './oci-rootfs.ts';
import { requirePackages, upstreamVersion } from './package-spec.ts';

const plan = {
  name: 'bakery-build-1',
  image: 'sha256:abc',
  arch: 'arm64',
  network: false,
  env: { OUT: '/out', TEXT: 'a b; c' },
  command: ['/bakery/.in-container', '/bakery/build.sh', 'make'],
} as const;

it('makes a container of the target architecture with nothing mounted and no network', () => {
  expect(createArgs(plan, 'podman')).toEqual([
    'create',
    '--name=bakery-build-1',
    '--pull=never',
    '--platform=linux/arm64',
    '--network=none',
    '--http-proxy=false',
    '--security-opt=no-new-privileges',
    '--cap-drop=MKNOD',
    '--user=0:0',
    '--env',
    'OUT=/out',
    '--env',
    'TEXT=a b; c',
    '--entrypoint=/bakery/.in-container',
    '--',
    'sha256:abc',
    '/bakery/build.sh',
    'make',
  ]);
  expect(createArgs({ ...plan, network: true }, 'podman')).not.toContain('--network=none');
  expect(createArgs(plan, 'docker')).not.toContain('--http-proxy=false');
});

it('lets git itself apply mirrors, to submodules too', () => {
  const mirrors = [
    { prefix: 'https://github.com/', target: 'http://127.0.0.1:1/github.com/' },
    { prefix: 'npm:', target: 'http://127.0.0.1:1/npm/' },
  ];
  const place = { url: 'https://github.com/a/b.git', folder: '/tmp/b', mirrors };
  const mirror = 'url.http://127.0.0.1:1/github.com/.insteadOf=https://github.com/';
  expect(fetchArgs(place, 'refs/tags/v1')).toContain(mirror);
  expect(listRefArgs(place, 'v1').filter((arg) => arg.startsWith('url.'))).toEqual([mirror]);
  expect(listRefArgs(place, 'v1').slice(-4)).toEqual([
    'https://github.com/a/b.git',
    'refs/tags/v1',
    'refs/tags/v1^{}',
    'refs/heads/v1',
  ]);
});

it('asks apt for packages of the target architecture, unpacked and not configured', () => {
  expect(aptRootArgs(['tilde=1.1*', 'x'], 'bookworm', 'arm64', '/tmp/r.tar')).toEqual([
    '--verbose',
    '--variant=extract',
    '--format=tar',
    '--architectures=arm64',
    '--include=tilde=1.1*',
    '--include=x',
    '--',
    'bookworm',
    '/tmp/r.tar',
  ]);
  const printed =
    '/usr/bin/dpkg --unpack /r/var/cache/apt/archives/libc6_2.41-12+deb13u5_arm64.deb /r/var/cache/apt/archives/libxau6_1%3a1.0.9-1_arm64.deb\n';
  expect(unpackedPackages(printed)).toEqual(['libc6 2.41-12+deb13u5', 'libxau6 1:1.0.9-1']);
});

it('relocates in one go', () => {
  expect(relocateArgs({ interpreter: '/l/ld.so', runPath: ['/l', '/l/own'] }, 'x')).toEqual([
    '--set-interpreter',
    '/l/ld.so',
    '--no-default-lib',
    '--set-rpath',
    '/l:/l/own',
    'x',
  ]);
  expect(relocateArgs({ runPath: ['/l'] }, 'x')).not.toContain('--set-interpreter');
});

it.each(['/l:/tmp', '/$ORIGIN', '/a\nb', 'l'])('lets no program look for libraries in %j', (folder) => {
  expect(() => relocateArgs({ runPath: ['/l', folder] }, 'x')).toThrow(
    'expected a folder of libraries without',
  );
});

it.each([
  ['docker.io/a/b:1', 'docker://docker.io/a/b:1'],
  ['oci:/layout:image', 'oci:/layout:image'],
  ['containers-storage:localhost/x', 'containers-storage:localhost/x'],
])('hands %s to skopeo as %s', (reference, source) => {
  expect(skopeoArgs(reference, 'arm64', '/l')).toContain(source);
});

describe('an image in the place of another', () => {
  const overrides = [
    ...parseImageOverrides('docker.io/library/alpine@sha256:1=localhost/alpine:{arch}', 'BAKERY_IMAGES'),
    ...imageOverridesFromMap({ 'docker.io/': 'mirror.example.org/docker/' }, 'images'),
  ];
  it.each([
    ['docker.io/library/alpine@sha256:1', { reference: 'localhost/alpine:arm64', prepared: true }],
    [
      'docker.io/library/x@sha256:2',
      { reference: 'mirror.example.org/docker/library/x@sha256:2', prepared: false },
    ],
    ['quay.io/x', { reference: 'quay.io/x', prepared: false }],
  ])('for %s', (reference, chosen) => {
    expect(chooseImage(reference, 'arm64', overrides)).toEqual(chosen);
  });

  it.each([
    ['nothing', 'BAKERY_IMAGES: expected IMAGE=IMAGE, got "nothing"'],
    ['a=--privileged', 'expected the reference of a container image, got "--privileged"'],
    ['docker.io/=mirror', 'expected "/" at the end of both'],
  ])('is refused: %s', (text, message) => {
    expect(() => parseImageOverrides(text, 'BAKERY_IMAGES')).toThrow(message);
  });
});

describe('a version of a package', () => {
  it.each([
    ['btop=1.4*', 'btop 1.4-2'],
    ['btop=1.4*', 'btop 1.4.1-r0'],
    ['btop~=1.4.0', 'btop 1.4.0-r0'],
    ['btop=1.4', 'btop 2:1.4'],
    ['btop=2:1.4', 'btop 2:1.4'],
    ['btop=1.4*', 'btop 1.4+dfsg-1'],
    ['btop', 'btop 9'],
  ])('%s is met by %s', (wanted, installed) => {
    expect(() => requirePackages([wanted], [installed])).not.toThrow();
  });

  it.each([
    ['btop=1.4*', 'btop 1.40-2', 'package btop: expected version 1.4, got 1.40-2'],
    ['btop~=1.4.0', 'btop 1.3.2-r0', 'expected version 1.4.0, got 1.3.2-r0'],
    ['btop', 'top 1', 'package btop: expected it to be installed, it is not'],
  ])('%s is not met by %s', (wanted, installed, message) => {
    expect(() => requirePackages([wanted], [installed])).toThrow(message);
  });

  it.each([
    ['1.1.2-1', '1.1.2'],
    ['2:1.4-3+b1', '1.4'],
    ['1.4-r0', '1.4'],
    ['1.4+dfsg-1', '1.4'],
    ['1.4', '1.4'],
  ])('%s is upstream’s %s', (version, upstream) => {
    expect(upstreamVersion(version)).toBe(upstream);
  });
});

it.each([
  ['/usr/bin/nano', { from: '/usr/bin/nano', to: '/usr/bin/nano' }],
  ['/usr/share/nano/', { from: '/usr/share/nano', to: '/usr/share/nano' }],
  ['/bin/nano:/usr/bin/nano', { from: '/bin/nano', to: '/usr/bin/nano' }],
])('reads the entry %s', (text, entry) => {
  expect(parseEntryPath(text)).toEqual(entry);
});

it.each(['/bin/nano', 'usr/bin/nano', '/usr/../etc:/usr/x', '/a:/usr/b:/usr/c', '/x:/etc/x'])(
  'refuses the entry %s',
  (text) => {
    expect(() => parseEntryPath(text)).toThrow('expected');
  },
);
