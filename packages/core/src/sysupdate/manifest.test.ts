import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { type FileServer, serveFolder } from '../serve/serve-folder.ts';
import { bestBeforeIn, formatManifest, namesIn, parseManifest } from './manifest.ts';
import { transferText } from './transfer.ts';

const a = 'a'.repeat(64);
const b = 'B0'.repeat(32);
const good = `${a}  n-1.0-x86-64.raw\n`;

let stack: AsyncDisposableStack;
let folder: string;
let server: FileServer;
let host: DebianHost;
let cases = 0;
beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'manifests-'))).path;
  server = stack.use(await serveFolder(folder));
  host = stack.use(await startHost(root));
});
afterAll(() => stack.disposeAsync());

describe('a manifest systemd refuses, and so do we', () => {
  it.each([
    ['an empty line in the middle', `${good}\n${good}`, ':2: expected a SHA-256'],
    ['an empty line at the end', `${good}\n`, ':2: expected a SHA-256'],
    ['nothing', '', ': expected at least one line'],
    ['only a newline', '\n', ':1: expected a SHA-256'],
    ['no newline at the end', good.trimEnd(), ':1: expected a line that ends in a newline'],
    ['a cut last line', `${good}${a}  n-1`, ':2: expected a line that ends in a newline'],
    ['a comment', `# sums\n${good}`, ':1: expected 64 hex digits'],
    [
      'a signed message around it',
      `-----BEGIN PGP SIGNED MESSAGE-----\n${good}`,
      ':1: expected 64 hex digits',
    ],
    [
      'an HTML page',
      '<!doctype html><html><body>Sign in to see this page, and more</body></html>\n',
      ':1: expected 64',
    ],
    ['a hash of 63 digits', `${a.slice(1)}  n-1.0-x86-64.raw\n`, ':1: expected 64 hex digits'],
    ['a hash of 65 digits', `a${good}`, ':1: expected 64 hex digits'],
    ['a SHA-512', `${a}${good}`, ':1: expected 64 hex digits'],
    ['a hash with a letter that is no digit', `g${good.slice(1)}`, ':1: expected 64 hex digits'],
    ['one space', `${a} n-1.0-x86-64.raw\n`, ':1: expected two spaces'],
    ['a tab', `${a}\tn-1.0-x86-64.raw\n`, ':1: expected two spaces'],
    ['a space and a tab', `${a} \tn-1.0-x86-64.raw\n`, ':1: expected two spaces'],
    ['space before the hash', ` ${good}`, ':1: expected 64 hex digits'],
    ['no file name', `${a}  \n`, ':1: expected a file name, got ""'],
    ['a hash alone', `${a}\n`, ':1: expected two spaces'],
    ['a hash alone before a good line', `${a}\n${good}`, ':1: expected two spaces'],
    ['a file name of one dot', `${good}${a}  .\n`, ':2: expected a file name'],
    ['a file name of two dots', `${good}${a}  ..\n`, ':2: expected a file name'],
    ['a file in a folder', `${good}${a}  x/y.raw\n`, ':2: expected a file name without "/"'],
    ['a file name with ./ in front', `${a}  ./n-1.0-x86-64.raw\n`, ':1: expected a file name without "/"'],
    ['an escaped file name', `\\${a}  n\\\\1.raw\n`, ':1: expected a file name that needs no escapes'],
    ['Windows line ends', good.replace('\n', '\r\n'), ':1: expected a file name without control'],
    ['a tab in a file name', `${a}  n\t1\n`, ':1: expected a file name without control'],
    ['DEL in a file name', `${a}  n\u{7f}1\n`, ':1: expected a file name without control'],
    ['a NUL', `${good}${a}  n\0\n`, ':2: expected a file name without control'],
    ['a byte order mark', `\u{feff}${good}`, ':1: expected 64 hex digits'],
    ['a noncharacter', `${a}  n\u{fffe}\n`, ':1: expected a file name of Unicode characters'],
    ['a noncharacter of the middle block', `${a}  n\u{fdd0}\n`, ':1: expected a file name of Unicode'],
    ['a byte that is not UTF-8', latin1(`${a}  n\xfc\n`), ': expected UTF-8 text'],
    ['an encoded surrogate', latin1(`${a}  n\xed\xa0\x80\n`), ': expected UTF-8 text'],
    ['UTF-16', Buffer.from(good, 'utf16le'), ':1: expected 64 hex digits'],
    [
      'a file name of 256 bytes',
      `${a}  ${'ü'.repeat(128)}\n`,
      ':1: expected a file name of at most 255 bytes',
    ],
    ['the BSD form', `SHA256 (n-1.0-x86-64.raw) = ${a}\n`, ':1: expected 64 hex digits'],
    ['one bad line among good ones', `${good}${a} n\n${b}  n-2.0-x86-64.raw\n`, ':2: expected two spaces'],
  ])('%s', async (_what, document, message) => {
    expect(() => parseManifest(document)).toThrow(`SHA256SUMS${message}`);
    expect(await systemdAccepts(document)).toBe(false);
  });
});

describe('a manifest systemd accepts, and so do we', () => {
  it.each([
    ['plain lines', `${good}${a}  n-2.0-x86-64.raw\n`, ['n-1.0-x86-64.raw', 'n-2.0-x86-64.raw']],
    ['binary markers and capitals', `${b} *n-1.0-x86-64.raw\n`, ['n-1.0-x86-64.raw']],
    ['names of no image', `${a}  what ever\n${a}  ~^:%@v\n${a}  .x\n`, ['what ever', '~^:%@v', '.x']],
    ['a space in front of a name', `${a}   x\n`, [' x']],
    ['a star in front of a name', `${a}  *x\n`, ['*x']],
    ['a backslash inside a name', `${a}  a\\b\n`, ['a\\b']],
    ['other alphabets', `${a}  größe-\u{85}-\u{1f600}\n`, ['größe-\u{85}-\u{1f600}']],
    ['a file name of 255 bytes', `${a}  ${'x'.repeat(255)}\n`, ['x'.repeat(255)]],
    ['a name of one letter', `${a}  x\n`, ['x']],
    ['a day until which it is good', `${a}  BEST-BEFORE-2999-12-31\n${good}`, ['n-1.0-x86-64.raw']],
    ['a day and nothing else', `${a}  BEST-BEFORE-2999-12-31\n`, []],
    ['a day that there is not', `${a}  BEST-BEFORE-2020-02-30\n`, ['BEST-BEFORE-2020-02-30']],
  ])('with %s', async (_what, document, names) => {
    expect(parseManifest(Buffer.from(document)).map(({ name }) => name)).toEqual(names);
    expect(await systemdAccepts(document)).toBe(true);
  });

  it('unless a name comes twice, which systemd lets pass and we do not', async () => {
    const twice = `${good}${b}  n-1.0-x86-64.raw\n`;
    expect(await systemdAccepts(twice)).toBe(true);
    expect(() => parseManifest(twice, 'k3s/SHA256SUMS')).toThrow(
      'k3s/SHA256SUMS:2: expected a name that is not on line 1 already, got "n-1.0-x86-64.raw"',
    );
  });
});

describe('a written manifest', () => {
  const entries = [
    { name: 'n-1.10-x86-64.raw', sha256: a },
    { name: 'größe', sha256: b.toLowerCase() },
    { name: 'n-1.9-x86-64.raw', sha256: a },
  ];

  it('is sorted, the same for any order of entries, and reads back', () => {
    const text = formatManifest(entries);
    expect(text).toBe(`${b.toLowerCase()}  größe\n${a}  n-1.10-x86-64.raw\n${a}  n-1.9-x86-64.raw\n`);
    expect(formatManifest(entries.toReversed())).toBe(text);
    expect(formatManifest(parseManifest(text))).toBe(text);
    expect(() => formatManifest([])).toThrow('expected at least one file');
  });

  it('may name a day, which is no file', () => {
    const text = formatManifest(entries, '2027-01-31');
    expect(text.slice(64)).toMatch(/^  BEST-BEFORE-2027-01-31\n/);
    expect(parseManifest(text)).toEqual(parseManifest(formatManifest(entries)));
    expect([...namesIn(text)]).not.toContain('BEST-BEFORE-2027-01-31');
    expect(bestBeforeIn(text)).toBe('2027-01-31');
    expect(bestBeforeIn(formatManifest(entries))).toBeUndefined();
  });

  it('is good until the first of several days, as for systemd', () => {
    const days = ['2027-03-01', '2027-02-01', '2027-02-30'].map((day) => `${a}  BEST-BEFORE-${day}\n`);
    expect(bestBeforeIn(days.join(''))).toBe('2027-02-01');
  });

  it.each([
    ['x/y', a, 'a file name without "/"'],
    ['', a, 'a file name'],
    ['..', a, 'a file name'],
    [`x\n${a}  y`, a, 'a file name without control characters'],
    ['\\x', a, 'a file name without "\\"'],
    ['\u{d800}', a, 'a file name of Unicode characters'],
    ['n-1.9-x86-64.raw', a, 'each name once'],
    ['x', b, 'a SHA-256 of 64 lower-case hex digits'],
    ['x', '', 'a SHA-256 of 64 lower-case hex digits'],
  ])('never holds the file %j with the hash %s', (name, sha256, message) => {
    expect(() => formatManifest([...entries, { name, sha256 }])).toThrow(`expected ${message}, got`);
  });
});

async function systemdAccepts(document: string | Uint8Array): Promise<boolean> {
  cases += 1;
  await mkdir(join(folder, `case-${cases}`));
  await writeFile(join(folder, `case-${cases}/SHA256SUMS`), document);
  const text = transferText({ name: 'n', url: `${server.url}case-${cases}/` });
  await host.write(`/etc/sysupdate.case-${cases}.d/n.conf`, text);
  const { code, stderr } = await host.run('systemd-sysupdate', ['-C', `case-${cases}`, 'list']);
  // Anything else that fails would pass for a refusal.
  expect(stderr).toMatch(
    code === 0 ? /Determining available/ : /anifest.*refusing|Premature connection termination/,
  );
  return code === 0;
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
