import { expect, it } from '@jest/globals';
import { readNames } from './names.ts';

const url = 'https://up.example/';

it('takes the first group of each match, or all of it', () => {
  expect(readNames('tool-1.0 tool-1.1', { regex: 'tool-([0-9.]+)', parse: 'json' }, url)).toEqual([
    '1.0',
    '1.1',
  ]);
  expect(readNames('1.0\n1.1\n', { regex: '.+', parse: 'json' }, url)).toEqual(['1.0', '1.1']);
});

it('says so where a text is too long for a regex, however V8 runs it', () => {
  const text = 'x'.repeat(40_000_000);
  expect(() => readNames(text, { regex: '(?:a|x)+$', parse: 'json' }, url)).toThrow(
    'https://up.example/: expected matches of (?:a|x)+$ that end soon, got 40000000 characters to try one on',
  );
});

it('gives up on a page that is made to keep a regex busy', () => {
  const text = 'x'.repeat(10_000_000);
  expect(() => readNames(text, { regex: '[a-z]+-([0-9.]+)', parse: 'json' }, url, 0.2)).toThrow(
    'https://up.example/: expected matches of [a-z]+-([0-9.]+) that end soon, got 10000000 characters to try one on',
  );
});
