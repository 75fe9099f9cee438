import { expect, it } from '@jest/globals';
import { parseReleaseList } from '@bakery/core/src/release/check/release-list.ts';
import { sampleVersion } from './sample-version.ts';

const list = parseReleaseList('tool 1.9\ntool 1.10\ntool latest\n', 'list.txt');

it('is the newest pin of the release list', () => {
  expect(sampleVersion('tool', list, { tool: '3.0' })).toBe('1.10');
});

it('is else the example that stands for the extension, and never made up', () => {
  expect(sampleVersion('other', list, { other: '3.0' })).toBe('3.0');
  expect(() => sampleVersion('new', list, { other: '3.0' })).toThrow(
    'packages/docs/data/example-versions.yaml: expected a version of new that was released, found none',
  );
});
