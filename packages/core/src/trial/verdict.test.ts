import { expect, it } from '@jest/globals';
import { ImageInputs } from '../provenance/inputs.ts';
import { type Check, passed, skipped } from './outcome.ts';
import { withVerdict } from './verdict.ts';

const inputs = ImageInputs.parse({
  file: 'a-1-arm64.raw',
  size: 1,
  sha256: '0'.repeat(64),
  format: 'squashfs',
  tool: 'none',
  epoch: 0,
  options: {},
  artifacts: [],
});
const trial = (...checks: Check[]) => ({
  host: 'this machine (debian 13, arm64)',
  seconds: 1,
  images: [{ name: 'a', checks: checks.map((check) => ({ ...check, seconds: 1 })) }],
});

it.each([
  ['passed', trial(passed('merges'), skipped('starts', 'no systemd')), { host: trial().host }],
  ['skipped', trial(skipped('merges', 'no overlay')), {}],
  ['skipped', { skipped: 'this machine is x86-64 and does not emulate arm64' }, {}],
])('is %s', (verdict, passage, more) => {
  expect(withVerdict(inputs, passage)).toEqual({ ...inputs, test: { verdict, ...more } });
});

it('is not there where nobody wanted a test', () => {
  expect(withVerdict(inputs, undefined)).toBe(inputs);
});
