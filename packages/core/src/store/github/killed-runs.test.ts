import { expect, it } from '@jest/globals';
import type { FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { endsAsUndisturbed } from '../../../testing/killed-anywhere.ts';
import { scenarios } from '../../../testing/scenario.ts';

/** A signature is never there before its manifest; what lacks a part is refused by hosts, which stay as they are. */
const pairsAfterKills = {
  publish: ['no manifest, no signature'],
  replace: [
    'new manifest, new signature',
    'new manifest, no signature',
    'new manifest, old signature',
    'no manifest, old signature',
    'old manifest, old signature',
  ],
  firstIndex: ['new manifest, new signature', 'no manifest, no signature'],
};

it.each(['publish', 'replace', 'firstIndex'] as const)(
  '%s ends as if undisturbed when it is killed at any moment of any request and run again',
  async (name) => {
    const pairs = new Set<string>();
    const look = async (fake: FakeGithub, fullName: string): Promise<void> => {
      pairs.add(await pairIn(fake, fullName));
    };
    const named = { file: 'scenario.ts', from: 'scenarios', name, scenario: scenarios[name], look };
    await endsAsUndisturbed(named, 'request');
    expect([...pairs].toSorted()).toEqual(pairsAfterKills[name]);
  },
);

async function pairIn(fake: FakeGithub, fullName: string): Promise<string> {
  const index = fake.releases(fullName).find(({ tag, draft }) => tag === 'a' && !draft);
  const age = async (name: string, old: string): Promise<string> => {
    if (index?.assets.some((asset) => asset.name === name && asset.state === 'uploaded') !== true)
      return 'no';
    return String(await fake.read(fullName, 'a', name)) === old ? 'old' : 'new';
  };
  const [manifest, signature] = [
    await age('SHA256SUMS', 'old'),
    await age('SHA256SUMS.gpg', 'signature of old'),
  ];
  return `${manifest} manifest, ${signature} signature`;
}
