import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sampleCatalogue } from '../../testing/sample-catalogue.ts';
import { formatCatalogue, parseCatalogue } from './catalogue.ts';
import { catalogueJsonSchema } from './json-schema.ts';

describe('a catalogue', () => {
  it('is read as it was written', () => {
    expect(parseCatalogue(formatCatalogue(sampleCatalogue), 'here')).toEqual(sampleCatalogue);
  });

  it('names keys of every version of OpenPGP', () => {
    const [key] = sampleCatalogue.keys;
    if (key === undefined) throw new Error('no key');
    const keys = [{ ...key, fingerprint: 'C'.repeat(64), primary: 'C'.repeat(64) }];
    expect(parseCatalogue(formatCatalogue({ ...sampleCatalogue, keys }), 'here').keys).toEqual(keys);
  });

  it('of a newer bakery is read for what this one knows', () => {
    const newer = JSON.parse(formatCatalogue(sampleCatalogue), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...value, 'from-the-future': { is: ['anything'] } }
        : value,
    );
    delete newer.extensions[0].requires[0].if['from-the-future'];
    expect(parseCatalogue(JSON.stringify(newer), 'here')).toEqual(sampleCatalogue);
  });

  it.each([
    ['', 'expected a catalogue'],
    ['<!doctype html>', 'expected a catalogue'],
    ['{"catalogue":2}', 'catalogue'],
    ['{"catalogue":1,"hub":"file:///etc/","keys":[],"extensions":[]}', 'hub'],
    ['['.repeat(100_000), 'expected a catalogue'],
  ])('is not %.40j', (text, why) => {
    expect(() => parseCatalogue(text, 'https://example.org/catalogue.json')).toThrow(why);
  });

  it('has a JSON Schema for others, docs/catalogue.schema.json (pnpm generate)', () => {
    const file = new URL('../../../../docs/catalogue.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(catalogueJsonSchema())));
  });
});
