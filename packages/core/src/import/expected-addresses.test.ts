import { describe, expect, it } from '@jest/globals';
import { isExpected, whatToExpect } from './expected-addresses.ts';
import type { Recording } from './recording.ts';

const madeUp = 'v90123.45.1';

function recorded(...urls: readonly string[]): Recording {
  const said = { code: 0, reload: '', pattern: '', printed: '', wanted: '', help: '', said: '', tree: [] };
  const events = urls.map((url) => ({ kind: 'fetch', line: 1, args: [url] }));
  return { ...said, events: [{ kind: 'newest', line: 1, args: ['a/b', madeUp] }, ...events] };
}

describe('the addresses a script may ask for', () => {
  it.each([
    ['https://e.org/x', 'https://e.org/x', true],
    ['https://e.org/x', 'https://e.org/xy', false],
    ['https://e.org/x', 'https://e.org/', false],
    [`https://e.org/${madeUp}/x.tgz`, 'https://e.org/v1.2.3-rc.1/x.tgz', true],
    [`https://e.org/${madeUp}/x.tgz`, 'https://e.org/1.2.3+k3s1/x.tgz', true],
    [`https://e.org/${madeUp}/x.tgz`, 'https://e.org/word/x.tgz', false],
    [`https://e.org/${madeUp}/x.tgz`, 'https://e.org/1/2/x.tgz', false],
    [`https://e.org/${madeUp}/x.tgz`, `https://e.org/1${'2'.repeat(40)}/x.tgz`, true],
    [`https://e.org/${madeUp}/x.tgz`, `https://e.org/1${'2'.repeat(41)}/x.tgz`, false],
    [`https://e.org/${madeUp}/x-${madeUp.slice(1)}.tgz`, 'https://e.org/v1.2/x-1.2.tgz', true],
    [`https://e.org/${madeUp}${madeUp}`, 'https://e.org/12', true],
    [`https://e.org/${madeUp}${madeUp}`, 'https://e.org/1', false],
    [`https://e.org/${madeUp}.1`, 'https://e.org/2.1.1', true],
    [`https://${madeUp}.e.org/`, 'https://1.secret.example/.e.org/', false],
    ['https://e.org/a.b?c=(d)', 'https://e.org/a.b?c=(d)', true],
    ['https://e.org/a.b', 'https://e.org/a-b', false],
  ])('from %s on to %s: %j', (url, asked, isThere) => {
    expect(isExpected(asked, whatToExpect(recorded(url)))).toBe(isThere);
  });

  it('are told apart soon, however many versions a script puts next to each other', () => {
    const six = whatToExpect(recorded(`https://e.org/${madeUp.repeat(6)}`));
    expect(isExpected(`https://e.org/${'1'.repeat(200)}!`, six)).toBe(false);
    expect(isExpected(`https://e.org/${'1'.repeat(200)}`, six)).toBe(true);
    const many = whatToExpect(recorded(`https://e.org/${madeUp.repeat(1000)}`));
    expect(isExpected(`https://e.org/${'1'.repeat(2000)}`, many)).toBe(false);
  });

  it('are of a length that servers take', () => {
    const url = `https://e.org/${'x'.repeat(2040)}`;
    expect(isExpected(url, whatToExpect(recorded(url)))).toBe(false);
  });
});
