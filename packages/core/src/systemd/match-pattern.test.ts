import { expect, it } from '@jest/globals';
import { matchPattern } from './match-pattern.ts';

it.each([
  ['k3s-@v-%a.raw', 'k3s-v1.34.2+k3s1-x86-64.raw', 'v1.34.2+k3s1'],
  ['k3s-@v-%a.raw', 'k3s-v1.34.2+k3s1-arm64.raw', undefined],
  ['docker-@v-%a.raw', 'docker-compose-2.24.5-x86-64.raw', 'compose-2.24.5'],
  ['docker_@v-%a.raw', 'docker-compose_2.24.5-x86-64.raw', undefined],
  ['k3s-@v-%a.raw', 'k3s-1-x86-64.raw.asc', '1'],
  ['k3s-@v-%a.raw', 'k3s-1-x86-64.raw-2-x86-64.raw', '1'],
  ['k3s-v1.34.@v-%a.raw', 'k3s-v1.34.2-x86-64.raw', '2'],
  ['k3s-v1.3.@v-%a.raw', 'k3s-v1.34.2-x86-64.raw', undefined],
  ['k3s-@v-%a.raw', 'k3s-1~rc1-x86-64.raw', undefined],
  ['k3s-@v-%a.raw', 'k3s--x86-64.raw', undefined],
  ['k3s@v', 'k3s1.0', '1.0'],
  ['k3s-@v-@v.raw', 'k3s-1-1.raw', undefined],
  ['k3s-@v-@a.raw', 'k3s-1-x86-64.raw', undefined],
])('%s finds in %s the version %s', (pattern, file, version) => {
  expect(matchPattern(pattern, 'x86-64', file)).toBe(version);
});
