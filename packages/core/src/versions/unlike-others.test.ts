import { describe, expect, it } from '@jest/globals';
import { unlikeOthers } from './unlike-others.ts';

const usual = [
  'v1.14.7',
  'v1.14.6',
  'v1.14.0',
  'v1.13.2',
  'v1.13.1',
  'v1.12.0',
  'v1.11.3',
  'v1.11.2',
  'v1.0.1',
];

describe('a version unlike all others', () => {
  it.each([
    ['a number where versions have three parts', 'v011'],
    ['a day', 'v20240131'],
    ['a day and a count', 'v2024.1'],
  ])('is %s', (_what, text) => {
    expect(unlikeOthers([text, ...usual])).toEqual({ text, usual: 'v1.14.7' });
  });

  it.each<[string, string[]]>([
    ['the next major, written shorter', ['v2', ...usual]],
    ['a jump in the usual form', ['v2024.1.0', ...usual]],
    ['one of several', ['v2024.2', 'v2024.1', ...usual]],
    ['below others', [...usual, 'v011']],
    ['one of few', ['v011', 'v1.14.7', 'v1.14.6']],
    ['none', []],
  ])('is not %s', (_what, versions) => {
    expect(unlikeOthers(versions)).toBeUndefined();
  });
});
