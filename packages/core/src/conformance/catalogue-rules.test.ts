import { expect, it } from '@jest/globals';
import { startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import { sampleCatalogue } from '../../testing/sample-catalogue.ts';
import { formatCatalogue } from '../catalogue/catalogue.ts';
import { partsOf } from '../catalogue/sidecars.ts';
import { checkCatalogue } from './catalogue-rules.ts';

const [extension] = sampleCatalogue.extensions;
const images = (extension?.versions ?? [])
  .filter(({ listed }) => listed)
  .flatMap((version) => version.images);
const lines = images
  .flatMap(partsOf)
  .map(({ file, sha256 }, index) => ({ name: file, sha256, line: index + 1 }));

it.each([
  ['is as the index has it', formatCatalogue(sampleCatalogue), lines, []],
  ['is not there', undefined, lines, []],
  ['is none', '{"catalogue": 2}', lines, ['warning hub.catalogue-format']],
  [
    'names what is not listed',
    formatCatalogue(sampleCatalogue),
    lines.slice(1),
    ['warning hub.catalogue-version'],
  ],
  [
    'lacks what is listed',
    formatCatalogue(sampleCatalogue),
    [...lines, { name: 'k3s-v1.34.3+k3s1-arm64.raw', sha256: '0'.repeat(64), line: 9 }],
    ['warning hub.catalogue-version'],
  ],
  [
    'has another hash',
    formatCatalogue(sampleCatalogue),
    lines.map((line, index) => (index === 0 ? { ...line, sha256: 'f'.repeat(64) } : line)),
    ['error hub.catalogue-hash'],
  ],
  [
    'has another hash of what lies beside an image',
    formatCatalogue(sampleCatalogue),
    lines.map((line) => (line.name.endsWith('.p7s') ? { ...line, sha256: 'f'.repeat(64) } : line)),
    ['error hub.catalogue-hash'],
  ],
  [
    'is of a bakery that did not name what lies beside images',
    formatCatalogue(sampleCatalogue).replaceAll(/"(verity|roothash|p7s)": \{/g, '"unknown": {'),
    lines,
    [],
  ],
  [
    'knows nothing of files that are no images',
    formatCatalogue(sampleCatalogue),
    [...lines, { name: 'BEST-BEFORE-2030-01-01', sha256: '0'.repeat(64), line: 9 }],
    [],
  ],
])('a catalogue that %s', async (_, text, index, expected) => {
  await using upstream = await startUpstream(text === undefined ? {} : { '/catalogue.json': text });
  const found = await checkCatalogue({ folder: `${upstream.url}/`, lines: index }, upstreamHttp());
  expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
});
