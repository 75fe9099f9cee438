import { expect, it } from '@jest/globals';
import { readReferenceWords } from './reference-words.ts';

it.each([
  ['list k3s --latest true', 'list k3s --latest'],
  ['list --latest k3s', 'list --latest k3s'],
  ['list --plain false', 'list'],
  ['create k3s v1 --sysupdate false --arch arm64', 'create k3s v1 --arch arm64'],
  ['create k3s v1 --force-reload true --format erofs', 'create k3s v1 --force-reload --format erofs'],
  ['create --name true', 'create --name true'],
  ['list k3s.sysext --latest true', 'list k3s --latest'],
  ['list-bakery k3s.sysext/', 'list-bakery k3s'],
  ['create --arch arm64 ./k3s.sysext/ v1', 'create --arch arm64 k3s v1'],
  ['create k3s v1 --output-file k3s.sysext', 'create k3s v1 --output-file k3s.sysext'],
  ['lint k3s.sysext', 'lint k3s.sysext'],
  ['create k3s help', 'create k3s --help'],
  ['help create k3s', 'create k3s --help'],
  ['help', '--help'],
])('reads "%s" as "%s"', (theirs, ours) => {
  expect(readReferenceWords(theirs.split(' ')).join(' ')).toBe(ours);
});
