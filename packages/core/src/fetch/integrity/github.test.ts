import { describe, expect, it } from '@jest/globals';
import { findDigest, parseAssetUrl } from './github.ts';

const download = 'https://github.com/kata-containers/kata-containers/releases/download';
const hex = 'a'.repeat(64);

describe('parseAssetUrl', () => {
  it.each([
    [`${download}/3.21.0/kata.tar.zst`, '3.21.0', 'kata.tar.zst'],
    [`${download}/v1.34.2%2Bk3s1/k3s-arm64`, 'v1.34.2+k3s1', 'k3s-arm64'],
    [`${download}/v1.34.2+k3s1/k3s`, 'v1.34.2+k3s1', 'k3s'],
    [`${download}/cli/v2.0/cli.tgz`, 'cli/v2.0', 'cli.tgz'],
  ])('reads %s', (url, tag, asset) => {
    expect(parseAssetUrl(url)).toEqual({ owner: 'kata-containers', repo: 'kata-containers', tag, asset });
  });

  it.each([
    'https://github.com/a/b/archive/refs/tags/v1.tar.gz',
    'https://github.com.evil/a/b/releases/download/v1/x',
    'http://github.com/a/b/releases/download/v1/x',
    'https://github.com/a/b/releases/latest/download/x',
    'https://github.com/a/b/releases/download/v1/x?y',
  ])('refuses %s', (url) => {
    expect(() => parseAssetUrl(url)).toThrow(`${url}: integrity github expects`);
  });
});

describe('findDigest', () => {
  const wanted = { owner: 'a', repo: 'b', tag: 'v1', asset: 'tool-amd64' };

  it('finds the digest of exactly that asset', () => {
    const assets = [
      { name: 'tool-amd64.sig', digest: `sha256:${'b'.repeat(64)}` },
      { name: 'tool-amd64', digest: `sha256:${hex}`, size: 7 },
    ];
    expect(findDigest(answer(assets), wanted, 'api')).toEqual({ algorithm: 'sha256', hex, source: 'api' });
  });

  it.each([
    [
      'an old asset',
      answer([{ name: 'tool-amd64', digest: null }]),
      'api: expected a digest of tool-amd64, got none',
    ],
    ['another asset', answer([{ name: 'tool-arm64' }]), 'api: expected an asset tool-amd64, got tool-arm64'],
    ['no assets', answer([]), 'api: expected an asset tool-amd64, got no assets'],
    ['something else', '{}', 'api: expected a GitHub release, got "{}"'],
  ])('explains %s', (_title, text, message) => {
    expect(() => findDigest(text, wanted, 'api')).toThrow(message);
  });
});

function answer(assets: unknown): string {
  return JSON.stringify({ tag_name: 'v1', assets });
}
