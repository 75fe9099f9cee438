import { describe, expect, it } from '@jest/globals';
import { parseJson, parseYaml } from './foreign-data.ts';

describe('data of strangers', () => {
  it.each([
    ['JSON', parseJson, '{"a":[{"b":"1.30"}]}'],
    ['YAML', parseYaml, 'a:\n  - b: 1.30\n'],
  ])('is read as it stands from %s', (_format, parse, text) => {
    expect(parse(text)).toEqual({ a: [{ b: '1.30' }] });
  });

  it.each([
    ['a JSON list', parseJson, '['.repeat(201) + ']'.repeat(201)],
    ['a JSON list without end', parseJson, '['.repeat(500_000)],
    ['JSON objects', parseJson, '{"a":'.repeat(201) + '1' + '}'.repeat(201)],
    ['JSON behind a quote that is escaped', parseJson, String.raw`["\\",` + '['.repeat(201)],
    ['YAML’s flow style', parseYaml, '['.repeat(201) + ']'.repeat(201)],
    ['YAML behind a quote', parseYaml, 'a" ' + '['.repeat(201)],
    ['YAML on one line', parseYaml, '- '.repeat(201)],
  ])('is refused when %s nests too deep', (_what, parse, text) => {
    expect(() => parse(text)).toThrow(/^20\d|^500000 levels of nesting, more than 200$/);
  });

  it('may hold any number of brackets in a text of JSON', () => {
    const text = '[{"'.repeat(100_000);
    expect(parseJson(JSON.stringify({ text }))).toEqual({ text });
  });
});
