import { expect, it } from '@jest/globals';
import { versionValues } from './placeholders.ts';

it.each([
  ['v1.32.2+k3s1', { bare: '1.32.2+k3s1', major: '1', minor: '1.32', patch: '1.32.2', build: 'k3s1' }],
  ['3.2.5', { bare: '3.2.5', major: '3', minor: '3.2', patch: '3.2.5' }],
  ['2.17', { bare: '2.17', major: '2', minor: '2.17' }],
  ['v44', { bare: '44', major: '44' }],
])('%s is %j', (version, expected) => {
  expect(versionValues(version)).toEqual({ version, ...expected });
});
