import { describe, expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { requirePublishable, whyUnpublishable } from './publishable.ts';

describe('whyUnpublishable', () => {
  it.each([
    '1',
    'v1.34.2',
    'v1.32.2+k3s1',
    'v1.33.12+rke2r2',
    '20230803',
    '1.0_2',
    '1.0-rc.1',
    '2.17',
    '1.0.2k',
  ])('lets %s through', (version) => {
    expect(whyUnpublishable(version)).toBeUndefined();
  });

  it.each([
    ['', 'empty'],
    ['1.2~rc1', '"~" is refused in git tags'],
    ['1.2^git', '"^" is refused in git tags'],
    ['1:1.2', '":" is refused in git tags'],
    ['1.2/3', '"/" makes systemd'],
    ['1,2', '"," becomes "."'],
    ['1@2', '"@" hides the file'],
    ['1*2', '"*" is refused in git tags'],
    ['1 2', 'U+0020 is refused in git tags'],
    ['1.2\n', 'U+000A becomes'],
    ['1.2é', 'U+00E9 becomes'],
    ['1.2\u{1F600}', 'U+1F600 becomes'],
    ['1{2}', '"{" becomes'],
    ['.1', 'got ".1"'],
    ['-1', 'got "-1"'],
    ['b1000', 'got "b1"'],
    ['vmqtest', 'got "vm"'],
    ['1.', 'got "."'],
    ['1-', 'got "-"'],
    ['1+', 'got "+"'],
    ['1..2', 'git refuses ".."'],
    ['1.lock', 'ends in ".lock"'],
    ['1'.repeat(129), '129 characters, expected at most 128'],
  ])('refuses %j', (version, why) => {
    expect(whyUnpublishable(version)).toContain(why);
  });
});

describe('requirePublishable', () => {
  it('names the version, the character and the reason', () => {
    expect(() => requirePublishable('1.2~rc1')).toThrow(UserError);
    expect(() => requirePublishable('1.2~rc1')).toThrow(
      'version "1.2~rc1" cannot be published: "~" is refused in git tags, becomes "." in GitHub asset names',
    );
    expect(() => requirePublishable('1.2')).not.toThrow();
  });
});
