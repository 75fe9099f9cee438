import { describe, expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { formVersion, normaliseVersion } from './normalise.ts';

const crio = {
  candidates: ['v1.34.2', 'v1.34.1', 'v1.33.10', 'v1.33.1', 'v1.32.2', 'v0.9'].map((text) => ({ text })),
  refused: [{ text: '1.3~1', why: '"~" is refused in git tags' }],
};

describe('normaliseVersion', () => {
  it.each([
    ['1.32.2', 'v1.32.2'],
    ['v1.32.2', 'v1.32.2'],
  ])('turns %s into the published %s', (asked, published) => {
    expect(normaliseVersion('crio', asked, crio)).toBe(published);
  });

  it('drops a v that upstream has and the published text has not', () => {
    const known = { candidates: [{ text: '3.3.1', upstream: 'v3.3.1' }] };
    expect(normaliseVersion('bird', 'v3.3.1', known)).toBe('3.3.1');
  });

  it('takes what upstream calls it', () => {
    const known = { candidates: [{ text: '3.3.1', upstream: 'release-3.3.1' }] };
    expect(normaliseVersion('bird', 'release-3.3.1', known)).toBe('3.3.1');
  });

  it('shows the closest real versions for one that does not exist', () => {
    const error = failure(() => normaliseVersion('crio', '1.33.11', crio));
    expect(error.message).toBe('crio: expected a version that exists, got "1.33.11"');
    expect(error.hint).toBe('closest: v1.33.10, v1.33.1, v1.34.2, v1.34.1, v1.32.2');
  });

  it('says why an existing version cannot be published', () => {
    expect(failure(() => normaliseVersion('crio', 'v1.3~1', crio)).message).toBe(
      'crio: version "v1.3~1" cannot be published: "~" is refused in git tags',
    );
  });

  it('says so when upstream lists nothing', () => {
    expect(failure(() => normaliseVersion('crio', '1.2', { candidates: [] })).message).toContain(
      'lists none',
    );
  });
});

describe('formVersion', () => {
  it.each([
    ['1.34.2+k3s1', { form: 'v[.0-9]+\\+k3s[0-9]+' }, 'v1.34.2+k3s1'],
    ['v1.34.2', { form: '[.0-9]+' }, '1.34.2'],
    ['v1.34.2', { strip: 'v' }, '1.34.2'],
    ['v1.34.2', {}, 'v1.34.2'],
    ['1.34.2', {}, '1.34.2'],
  ])('reads %s with %j as %s', (asked, filters, published) => {
    expect(formVersion('x', asked, { prereleases: false, ...filters })).toBe(published);
  });

  it('refuses what has another form', () => {
    const form = 'v[.0-9]+\\+k3s[0-9]+';
    expect(failure(() => formVersion('k3s', '1.34.2', { form, prereleases: false })).message).toBe(
      `k3s: expected a version that looks like ${form}, got "1.34.2"`,
    );
  });
});

function failure(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a UserError');
}
