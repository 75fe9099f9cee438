import { describe, expect, it } from '@jest/globals';
import { findSum, parseSums } from './sums.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const source = 'https://example.org/SHA256SUMS';

describe('findSum', () => {
  it.each([
    [
      'goreleaser',
      `${b}  coder_2.33.0_linux_amd64.deb\n${a}  coder_2.33.0_linux_amd64.tar.gz\n`,
      'coder_2.33.0_linux_amd64.tar.gz',
    ],
    [
      'ollama, with ./',
      `${b}  ./ollama-linux-amd64-rocm.tar.zst\n${a}  ./ollama-linux-amd64.tar.zst\n`,
      'ollama-linux-amd64.tar.zst',
    ],
    ['binary mode', `${a} *docker-compose-linux-x86_64\n`, 'docker-compose-linux-x86_64'],
    [
      'k3s, with + in the name',
      `${a}  k3s-airgap-images-amd64.tar\n${b}  k3s\n`,
      'k3s-airgap-images-amd64.tar',
    ],
    [
      'nebula, members beside the archive',
      `${b}  nebula-linux-amd64.tar.gz/nebula\n${a}  nebula-linux-amd64.tar.gz\n`,
      'nebula-linux-amd64.tar.gz',
    ],
    ['carriage returns', `${a}  x.tgz\r\n${b}  y.tgz\r\n`, 'x.tgz'],
    ['capitals', `${a.toUpperCase()}  x.tgz\n`, 'x.tgz'],
    ['BSD', `SHA256 (x.tgz) = ${a}\nMD5 (x.tgz) = ${'d'.repeat(32)}\n`, 'x.tgz'],
    ['the same entry twice', `${a}  x.tgz\n${a}  x.tgz\n`, 'x.tgz'],
    ['one space', `${a} x.tgz\n`, 'x.tgz'],
    ['a name with spaces', `${a}  my file.tgz\n`, 'my file.tgz'],
  ])('finds the entry: %s', (_title, text, name) => {
    expect(findSum(text, name, source)).toEqual({ algorithm: 'sha256', hex: a, source });
  });

  it('reads the clear-signed sums of runc, dash escapes and all, and only what is signed', () => {
    const text = [
      `${b}  runc.amd64`,
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA256',
      '',
      `${a}  runc.amd64`,
      `- ${b}  runc.arm64`,
      '-----BEGIN PGP SIGNATURE-----',
      '',
      `${b}  runc.amd64`,
      '-----END PGP SIGNATURE-----',
    ].join('\n');
    expect(findSum(text, 'runc.amd64', source).hex).toBe(a);
    expect(findSum(text, 'runc.arm64', source).hex).toBe(b);
  });

  it('takes the strongest of several algorithms', () => {
    const sha512 = 'c'.repeat(128);
    expect(findSum(`${a}  x\n${sha512}  x\n`, 'x', source)).toEqual({
      algorithm: 'sha512',
      hex: sha512,
      source,
    });
  });

  it.each([
    ['a suffix', 'evil-x.tgz'],
    ['a prefix', 'x.tgz.asc'],
    ['a member', 'x.tgz/bin'],
    ['a folder', 'dist/x.tgz'],
    ['a parent folder', '../x.tgz'],
    ['other capitals', 'X.tgz'],
    ['a trailing space', 'x.tgz '],
    ['a regular expression', 'x.*'],
    ['an invisible letter', 'x\u200B.tgz'],
    ['a terminal escape', '\u001B[2Jx.tgz'],
  ])('never takes %s for the name', (_title, hostile) => {
    expect(() => findSum(`${a}  ${hostile}\n`, 'x.tgz', source)).toThrow(
      `${source}: expected an entry for "x.tgz", got ${JSON.stringify(hostile)}`,
    );
  });

  it('refuses entries of one name that differ', () => {
    expect(() => findSum(`${a}  x\n${b} *./x\n`, 'x', source)).toThrow(
      `${source}: expected one sha256 for "x", got 2 that differ: ${a}, ${b}`,
    );
  });

  it('refuses to prove anything with SHA-1', () => {
    expect(() => findSum(`${'a'.repeat(40)}  x\n`, 'x', source)).toThrow('got only weaker hashes');
  });

  it('does not take SHA512/256 for SHA-256', () => {
    expect(() => findSum(`SHA512/256 (x) = ${a}\n`, 'x', source)).toThrow('got only weaker hashes');
  });

  it('names the nearest few of many entries', () => {
    const text = ['tool-linux-amd64', 'tool-linux-arm64', 'docs', 'source', 'notes', 'licence', 'sbom']
      .map((name) => `${a}  ${name}`)
      .join('\n');
    expect(() => findSum(text, 'tool-linux-x86_64', source)).toThrow(
      /got "tool-linux-(amd|arm)64", "tool-linux-(amd|arm)64"/,
    );
  });

  it('says so when there is no entry at all', () => {
    expect(() => findSum('<html>Not found</html>', 'x', source)).toThrow('got no entry at all');
  });
});

describe('parseSums', () => {
  it('leaves out comments, blank lines and escaped names', () => {
    expect(parseSums(`# sums\n\n\\${a}  x\\ny\n${a}  y\n`).map(({ name }) => name)).toEqual(['y']);
  });
});
