import { describe, expect, it } from '@jest/globals';
import { hashOf } from '../hashing.ts';
import { parseHash } from './literal.ts';

const sha256 = hashOf('x');
const sha512 = hashOf('x', 'sha512');
const sri = (algorithm: string, hex: string) => `${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`;

describe('parseHash', () => {
  it.each([
    ['a hex literal', `sha256:${sha256}`, 'sha256', sha256],
    ['a sha512 literal', `sha512:${sha512}`, 'sha512', sha512],
    ['an SRI', sri('sha512', sha512), 'sha512', sha512],
    [
      'the strongest of an SRI with two',
      `${sri('sha256', sha256)} ${sri('sha512', sha512)}`,
      'sha512',
      sha512,
    ],
    ['an SRI beside SHA-1', `sha1-AAAA ${sri('sha256', sha256)}`, 'sha256', sha256],
    ['an SRI with an option', `${sri('sha256', sha256)}?x`, 'sha256', sha256],
  ])('reads %s', (_title, text, algorithm, hex) => {
    expect(parseHash(text, 'test')).toEqual({ algorithm, hex, source: 'test' });
  });

  it.each([`sha256:${sha256.slice(1)}`, 'sha512-AAAA', 'sha1-AAAA', 'md5:0', ''])('refuses "%s"', (text) => {
    expect(() => parseHash(text, 'test')).toThrow('test: expected sha256, sha384 or sha512, got');
  });

  it('refuses rivals of the same strength', () => {
    expect(() => parseHash(`sha256:${sha256} sha256:${hashOf('y')}`, 'test')).toThrow('expected one sha256');
  });
});
