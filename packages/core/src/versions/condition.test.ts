import { expect, it } from '@jest/globals';
import { holds, type Condition } from './condition.ts';

const facts = { version: 'v1.26.3+k3s1', arch: 'arm64', options: { with: 'cni', without: '' } } as const;

it.each<[Condition, boolean]>([
  [{}, true],
  [{ when: '>=1.26 <1.27' }, true],
  [{ when: '<1.26' }, false],
  [{ arches: ['arm64'] }, true],
  [{ arches: ['x86-64'] }, false],
  [{ if: { with: 'cni' } }, true],
  [{ if: { with: ['x', 'cni'] } }, true],
  [{ if: { with: { not: 'cni' } } }, false],
  [{ if: { with: { not: '' } } }, true],
  [{ if: { without: '' } }, true],
  [{ if: { never: '' } }, true],
  [{ if: { constructor: '' } }, true],
  [{ when: '>=1.26', arches: ['x86-64'] }, false],
  [{ if: { with: 'cni', without: 'x' } }, false],
])('%j holds: %j', (condition, expected) => {
  expect(holds(condition, facts)).toBe(expected);
});
