import { expect, it } from '@jest/globals';
import { readAsked, readRevised } from './asked.ts';
import { UsageError } from './run-cli.ts';

const place = { file: 'list', line: 1, column: 1 };
const list = [
  { name: 'k3s', version: 'latest', place },
  { name: 'k3s', version: 'v1.32.2+k3s1', place },
  { name: 'bun', version: 'latest', place },
];

it('takes the whole release list when nothing is named', () => {
  expect(readAsked([], list)).toHaveLength(3);
});

it('takes what the list says of an extension, and "latest" of one it does not name', () => {
  expect(readAsked(['k3s', 'deno'], list)).toEqual([
    { name: 'k3s', version: 'latest', why: 'pinned' },
    { name: 'k3s', version: 'v1.32.2+k3s1', why: 'pinned' },
    { name: 'deno', version: 'latest', why: 'asked' },
  ]);
});

it('takes a version after a colon', () => {
  expect(readAsked(['k3s:v1.31.0+k3s1'], list)).toEqual([
    { name: 'k3s', version: 'v1.31.0+k3s1', why: 'asked' },
  ]);
});

it.each([':1', 'k3s:', ''])('refuses %j', (word) => {
  expect(() => readAsked([word], list)).toThrow('expected EXT or EXT:VERSION');
});

it('takes a reason of one line for what is rebuilt, and takes all else for a mistake of the command line', () => {
  expect(readRevised(['k3s:1.0'], ' a fix ')).toEqual([
    { name: 'k3s', version: '1.0', why: 'asked', revise: 'a fix' },
  ]);
  expect(() => readRevised(['k3s:1.0'], 'one\ntwo')).toThrow(UsageError);
  expect(() => readRevised(['k3s:1.0'], ' ')).toThrow('--revise: expected why');
});
