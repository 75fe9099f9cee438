import { expect, it } from '@jest/globals';
import { requireReason } from './require-reason.ts';

it('takes one line, without the spaces around it', () => {
  expect(requireReason('--why', ' CVE-2026-1: “remote” code | `all` hosts ')).toBe(
    'CVE-2026-1: “remote” code | `all` hosts',
  );
});

it.each([
  ['nothing', '  ', 'got nothing'],
  ['several lines', 'one\n## two', String.raw`got "one\n## two"`],
  ['what moves the cursor', 'a\u001B[2Jb', String.raw`got "a\\u{1b}[2Jb"`],
  ['text that runs backwards', 'a\u202Eb', String.raw`got "a\\u{202e}b"`],
  ['a book', 'x'.repeat(501), 'got 501 characters'],
])('refuses %s', (_what, text, got) => {
  expect(() => requireReason('--why', text)).toThrow(
    `--why: expected why, in one line of at most 500 characters, ${got}`,
  );
});
