import { describe, expect, it } from '@jest/globals';
import { streamsOf } from './streams.ts';
import { transferFiles, sidecarTransferFiles, transferText } from './transfer.ts';

const url = 'https://extensions.example.org/extensions/k3s/';

/** Patterns and link of each file, by the ending that the signature gets on a host. */
function linksOf(signature: string): string[][] {
  const kinds = [
    ['verity', 'verity', 'verity'],
    ['roothash', 'roothash', 'roothash'],
    ['p7s', signature, 'roothash.p7s'],
  ];
  return ['k3s-@v-%a', 'k3s-v1.34.@v-%a'].flatMap((pattern) =>
    kinds.map(([kind, kept, link]) => [
      `${pattern}.${kind}`,
      `${pattern}.${kept}`,
      `/etc/extensions/k3s.${link}`,
    ]),
  );
}

it('writes files for what lies beside images, with the links that systemd-sysext looks for', () => {
  const files = sidecarTransferFiles({ name: 'k3s', url }, streamsOf(['v1.34.2'], 'minor'));
  expect(files.map(({ name }) => name)).toEqual(
    ['k3s', 'k3s-v1.34'].flatMap((base) =>
      ['verity', 'roothash', 'p7s'].flatMap((kind) => [`${base}.${kind}.conf`, `${base}.${kind}.transfer`]),
    ),
  );
  const factsOf = (ending: string) =>
    files
      .filter(({ name }) => name.endsWith(ending))
      .map(({ text }) => text.match(/(?<=MatchPattern=|CurrentSymlink=).*/g));
  expect(factsOf('.conf')).toEqual(linksOf('p7s'));
  expect(factsOf('.transfer')).toEqual(linksOf('roothash.p7s'));
});

it('is what a host puts into its configuration', () => {
  expect(transferText({ name: 'k3s', url })).toMatchInlineSnapshot(`
"[Transfer]
Verify=false

[Source]
Type=url-file
Path=https://extensions.example.org/extensions/k3s/
MatchPattern=k3s-@v-%a.raw

[Target]
Type=regular-file
Path=/opt/extensions/k3s
MatchPattern=k3s-@v-%a.raw
CurrentSymlink=/etc/extensions/k3s.raw
InstancesMax=3
"
`);
});

it('comes under both names, for the newest version and for each stream', () => {
  const files = transferFiles({ name: 'k3s', url }, streamsOf(['v1.34.2+k3s1', 'v1.33.1+k3s1'], 'minor'));
  expect(files.map(({ name }) => name)).toEqual([
    'k3s.conf',
    'k3s.transfer',
    'k3s-v1.33.conf',
    'k3s-v1.33.transfer',
    'k3s-v1.34.conf',
    'k3s-v1.34.transfer',
  ]);
  const text = new Map(files.map((file) => [file.name, file.text]));
  expect(text.get('k3s-v1.34.conf')).toBe(text.get('k3s-v1.34.transfer'));
  expect(text.get('k3s-v1.34.conf')).toContain('\nMatchPattern=k3s-v1.34.@v-%a.raw\n');
});

it('names the page of a version to those systemds alone that know such a setting', () => {
  const notes = 'https://github.example/o/r%20x/releases/tag/k3s-';
  const streams = streamsOf(['v1.34.2+k3s1'], 'minor');
  const plain = new Map(transferFiles({ name: 'k3s', url }, streams).map((one) => [one.name, one.text]));
  const files = [
    ...transferFiles({ name: 'k3s', url, notes }, streams),
    ...sidecarTransferFiles({ name: 'k3s', url, notes }, streams),
  ];
  for (const { name, text } of files) {
    const page = /(?<=^ChangeLog=).*$/m.exec(text)?.[0];
    const own = name.includes('-v1.34') ? 'v1.34.@v' : '@v';
    const isNew = name.endsWith('.transfer');
    expect([name, page]).toEqual([
      name,
      isNew ? `https://github.example/o/r%%20x/releases/tag/k3s-${own}` : undefined,
    ]);
    if (!isNew && plain.has(name)) expect(text).toBe(plain.get(name));
  }
  expect(files.find(({ name }) => name === 'k3s.transfer')?.text).toContain(
    '[Transfer]\nVerify=false\nChangeLog=https://',
  );
  expect(transferFiles({ name: 'k3s', url, notes: 'https://a b/\nVerify=no' })[1]?.text).toBe(
    plain.get('k3s.transfer'),
  );
});

it('keeps files, folder and link of the extension in a stream', () => {
  const [stream] = streamsOf(['24.1.0'], 'major');
  const text = transferText({ name: 'nodejs', url }, stream);
  expect(text).toContain('\nMatchPattern=nodejs-24.@v-%a.raw\n');
  expect(text).toContain('\nPath=/opt/extensions/nodejs\n');
  expect(text).toContain('\nCurrentSymlink=/etc/extensions/nodejs.raw\n');
});

it('has signatures checked when told', () => {
  expect(transferText({ name: 'k3s', url, verify: true })).toContain('\nVerify=true\n');
});

describe('the URL', () => {
  it('keeps its percent signs from being read as specifiers', () => {
    const text = transferText({ name: 'k3s', url: 'https://example.org/a%20b%2Bc/' });
    expect(text).toContain('\nPath=https://example.org/a%%20b%%2Bc/\n');
  });

  it.each([
    ['', 'http://'],
    ['ftp://example.org/', 'http://'],
    ['file:///srv/', 'http://'],
    ['https:///srv/', 'http://'],
    ['https:example.org/', 'http://'],
    ['https://exa mple.org/', 'only characters'],
    ['https://example.org/ü/', 'only characters'],
    ['https://example.org/\nVerify=no/', 'only characters'],
    ['https://example.org/a\\b/', 'only characters'],
    ['https://example.org/"a"/', 'only characters'],
    ['https://me:secret@example.org/', 'no user name'],
    ['https://example.org/?a=/', 'no "?"'],
    ['https://example.org/?/', 'no "?"'],
    ['https://example.org/#/', 'no "?"'],
    ['https://example.org/k3s', 'a "/" at the end'],
    ['https://example.org:99999/', 'http://'],
  ])('%j is refused', (bad, why) => {
    expect(() => transferText({ name: 'k3s', url: bad })).toThrow(`expected ${why}`);
  });
});

it('is refused for a name that is none', () => {
  expect(() => transferText({ name: 'k3s\n[Transfer]', url })).toThrow('extension name');
});
