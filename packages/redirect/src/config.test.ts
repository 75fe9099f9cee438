import { describe, expect, it } from '@jest/globals';
import { redirectConfig } from './config.ts';

describe('redirectConfig', () => {
  it('fills in github.com and /extensions/', () => {
    expect(redirectConfig({ repo: 'flatcar/sysext-bakery' })).toEqual({
      repo: 'flatcar/sysext-bakery',
      server: 'https://github.com',
      prefix: '/extensions/',
    });
  });

  it.each([
    '',
    'flatcar',
    'flatcar/',
    '/x',
    'a/b/c',
    'a/..',
    'a/.',
    '../b',
    'a b/c',
    '-a/b',
    'a/b?c',
    'a/b#',
  ])('refuses the repository "%s"', (repo) => {
    expect(() => redirectConfig({ repo })).toThrow(`expected OWNER/REPO, got "${repo}"`);
  });

  it.each(['github.com', 'ftp://github.com', 'https://github.com/x', 'https://u:p@github.com', 'https://'])(
    'refuses the server "%s"',
    (server) => {
      expect(() => redirectConfig({ repo: 'a/b', server })).toThrow(`expected https://HOST, got "${server}"`);
    },
  );

  it.each(['', 'x', '/x', 'x/', '/../', '//', '/a b/', '/{x}/'])('refuses the prefix "%s"', (prefix) => {
    expect(() => redirectConfig({ repo: 'a/b', prefix })).toThrow(`expected /WORD/, got "${prefix}"`);
  });
});
