import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const recipes = join(import.meta.dirname, '../../../../recipes');

// What systemd-analyze says of a service in the images of flatcar/sysext-bakery, in tenths.
const exposures = new Map([
  ['chronyd', 91],
  ['coder', 61],
  ['coder-workspace-proxy', 61],
  ['consul', 92],
  ['dataplaneapi', 73],
  ['falco-modern-bpf', 86],
  ['falcoctl-artifact-follow', 89],
  ['haproxy', 30],
  ['nats', 94],
  ['vault', 60],
]);
const unconfined = 96; // all others there

const services = globSync('*/files*/usr/lib/systemd/system/*.service', { cwd: recipes }).toSorted();

it.each(services)('%s is exposed no more than in the images of the reference', async (path) => {
  const threshold = exposures.get(basename(path, '.service')) ?? unconfined;
  const args = ['security', '--offline=true', `--threshold=${threshold}`, '--no-pager', join(recipes, path)];
  const { stdout } = await promisify(execFile)('systemd-analyze', args);
  expect(stdout).toContain('Overall exposure level');
});

it('names only services that there are', () => {
  const names = new Set(services.map((path) => basename(path, '.service')));
  expect([...exposures.keys()].filter((name) => !names.has(name))).toEqual([]);
});
