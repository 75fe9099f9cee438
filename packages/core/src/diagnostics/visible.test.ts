import { describe, expect, it } from '@jest/globals';
import { capped } from './capped.ts';
import { UserError } from './user-error.ts';
import { visible, visibleJson } from './visible.ts';

const hostile: readonly (readonly [string, string])[] = [
  ['\u001b[2Jgone', '\\u{1b}[2Jgone'],
  ['\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
  ['100%\rgood', '100%\\u{d}good'],
  ['\b\b\u0000\u007f', '\\u{8}\\u{8}\\u{0}\\u{7f}'],
  ['\u009b31mred', '\\u{9b}31mred'],
  ['\u202etxt.exe\u2066', '\\u{202e}txt.exe\\u{2066}'],
  ['a\u200bb\ufeffc\u00add', 'a\\u{200b}b\\u{feff}c\\u{ad}d'],
  ['\ud800 alone', '\\u{d800} alone'],
  ['\u{e0041}', '\\u{e0041}'],
  ['a\u2028b', 'a\\u{2028}b'],
];

describe('visible', () => {
  it.each(hostile)('shows %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visible(shown)).toBe(shown);
  });

  it('leaves lines, tabs and the letters of all languages', () => {
    const plain = 'a\tb\nGrüße 版本 😀 é';
    expect(visible(plain)).toBe(plain);
  });
});

it.each(hostile)('writes %j as JSON that means the same', (text) => {
  const json = visibleJson({ [text]: text }, 2);
  expect(visible(json)).toBe(json);
  expect(JSON.parse(json)).toEqual({ [text]: text });
});

describe('capped', () => {
  it('cuts a line and says how long it was', () => {
    expect(capped(`a: ${'x'.repeat(5000)}\nb`)).toBe(`a: ${'x'.repeat(997)}… (5003 characters)\nb`);
  });

  it('cuts the whole', () => {
    const text = 'x\n'.repeat(100_000);
    expect(capped(text).length).toBeLessThan(20_100);
    expect(capped(text)).toMatch(/… \(200000 characters\)$/);
  });

  it('holds for every message to a user', () => {
    const error = new UserError('input.invalid', 'y'.repeat(1e6), { hint: 'z'.repeat(1e6) });
    expect(error.message.length).toBeLessThan(1_100);
    expect(error.hint?.length).toBeLessThan(1_100);
  });
});
