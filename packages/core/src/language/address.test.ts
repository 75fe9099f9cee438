import { expect, it } from '@jest/globals';
import { renderAddress } from './address.ts';

const render = (version: string): string => renderAddress('https://up.example/{version}/x.tar', { version });

it.each([
  ['1.0', '1.0'],
  ['v1.34.2+k3s1', 'v1.34.2+k3s1'],
  ['1?x#y', '1%3Fx%23y'],
  ['1\u001b\n', '1%1B%0A'],
  ['%2e%2e', '%252e%252e'],
  ['\u{1f600}', '%F0%9F%98%80'],
])('fills in %j so that it stays in the path', (version, part) => {
  expect(render(version)).toBe(`https://up.example/${part}/x.tar`);
});

it.each(['1/../2', '..', '.'])('leads nowhere else by %j', (version) => {
  expect(() => render(version)).toThrow('expected an address without "." or ".." parts');
});

it.each(['\ud800', 'a\udfffb', '\udc00\ud800'])('refuses half of a surrogate pair in %j', (version) => {
  expect(() => render(version)).toThrow(
    `expected Unicode text in an address, got half of a surrogate pair in ${JSON.stringify(version)}`,
  );
});
