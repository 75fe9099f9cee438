import { expect, it } from '@jest/globals';
import { judgedIn, type RebuildVerdict } from './rebuild-verdict.ts';

const run = 'https://ci.example/runs/7';
const planned = [{ extension: 'alpha', version: '1.0', arch: 'arm64' }];
const rebuild = { verdict: 'same', at: '2026-03-02T04:00:00Z', machine: 'debian 12 x86_64' };
const told: RebuildVerdict = {
  extension: 'alpha',
  version: '1.0',
  arch: 'arm64',
  verdict: 'same',
  why: 'the same bytes',
  judged: { sha256: '0'.repeat(64), rebuild },
};

it('tells the catalogue what the run was to build again, and which run that was', () => {
  expect(judgedIn([told], planned, run)).toEqual([
    { extension: 'alpha', version: '1.0', sha256: '0'.repeat(64), rebuild: { ...rebuild, url: run } },
  ]);
});

it.each([
  ['another extension', { ...told, extension: 'beta' }],
  ['another version', { ...told, version: '1.1' }],
  ['another architecture', { ...told, arch: 'x86-64' }],
])('tells nothing of %s', (_what, one) => {
  expect(judgedIn([one], planned, run)).toEqual([]);
});

it('tells nothing of an image that nobody could build for now', () => {
  const { judged: _, ...away } = told;
  expect(judgedIn([{ ...away, verdict: 'not built' }], planned, run)).toEqual([]);
});
