import { expect, it } from '@jest/globals';
import { Option } from 'commander';
import { operandsOf } from './operands.ts';

const known = [new Option('--offline'), new Option('--store <store>'), new Option('--arch <arch>')];

it.each([
  ['create k3s v1', 'create k3s v1'],
  ['create --offline k3s v1', 'create k3s v1'],
  ['--offline create k3s v1 --offline', 'create k3s v1'],
  ['--store dir:create create --arch arm64 k3s v1', 'create k3s v1'],
  ['create --arch=arm64 k3s v1', 'create k3s v1'],
  ['create --cni-version v1.9.0 --offline kubernetes v1', 'create kubernetes v1'],
  ['create --help k3s', 'create k3s'],
  ['create -- --k3s', 'create --k3s'],
])('of "%s" are "%s"', (words, operands) => {
  expect(operandsOf(words.split(' '), known).join(' ')).toBe(operands);
});
