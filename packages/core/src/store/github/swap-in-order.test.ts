import { describe, expect, it } from '@jest/globals';
import { openFakeStore, repository, type FakeStore } from '../../../testing/fake-store.ts';
import { contents, indexOf, text } from '../../../testing/sample-releases.ts';
import { GithubBusy } from '../../github/busy.ts';

const rename = 'PATCH /repos/{owner}/{repo}/releases/assets/{asset_id}';

const seed = {
  releases: [
    {
      tag: 'a',
      name: 'a',
      body: 'index',
      assets: [
        { name: 'SHA256SUMS', text: 'old' },
        { name: 'SHA256SUMS.gpg', text: 'old signature' },
        { name: 'a.conf', text: 'old' },
      ],
    },
  ],
};

/** The signature is named first, and must follow all the same. */
const signed = indexOf(
  text('SHA256SUMS.gpg', 'new signature'),
  text('SHA256SUMS', 'new'),
  text('a.conf', 'new'),
);
const whole = { SHA256SUMS: 'new', 'SHA256SUMS.gpg': 'new signature', 'a.conf': 'new' };

/** What readers find, whenever something changes: names without their swap mark. */
function states({ fake }: FakeStore): readonly string[] {
  const seen: string[] = [];
  fake.onRequest(({ request, moment }) => {
    if (request.route !== rename || moment !== 'after') return;
    const [release] = fake.releases(repository);
    seen.push(
      (release?.assets ?? [])
        .map(({ name }) => name)
        .filter((name) => !name.includes('-'))
        .toSorted()
        .join(' '),
    );
  });
  return seen;
}

describe('a swap', () => {
  it('exchanges the manifest and directly after it its signature, with nothing between', async () => {
    await using place = await openFakeStore(seed);
    const seen = states(place);
    expect(await place.store().replace('a', signed)).toBe('written');
    const all = 'SHA256SUMS SHA256SUMS.gpg a.conf';
    expect(seen).toEqual([
      'SHA256SUMS SHA256SUMS.gpg',
      all,
      'SHA256SUMS.gpg a.conf',
      all,
      'SHA256SUMS a.conf',
      all,
    ]);
    const writes = place.fake.log.filter(({ isWrite }) => isWrite).map(({ route }) => route === rename);
    expect(writes.lastIndexOf(true) - writes.indexOf(true)).toBe(7); // two uploads between those of a.conf and these
    expect(await contents(place.store(), 'a')).toEqual(whole);
    expect(place.fake.violations()).toEqual([]);
  });

  it.each([
    { what: 'the first half', skip: 2 },
    { what: 'the second half of the manifest', skip: 3 },
    { what: 'the first half of the signature', skip: 4 },
    { what: 'the second half of the signature', skip: 5 },
  ])('is taken back when $what fails, so that nothing is missing and no pair is mixed', async ({ skip }) => {
    await using place = await openFakeStore(seed);
    // As often as it is tried; the way back is free.
    const times = skip === 2 ? 4 : 3;
    place.fake.addFault({ route: rename, skip, times, effect: { kind: 'status', status: 502 } });
    await expect(place.store().replace('a', signed)).rejects.toThrow(GithubBusy);
    place.fake.heal();
    expect(await contentsOfFinal(place)).toEqual({
      SHA256SUMS: 'old',
      'SHA256SUMS.gpg': 'old signature',
      'a.conf': 'new',
    });
    expect(await place.store().replace('a', signed)).toBe('written');
    expect(await contents(place.store(), 'a')).toEqual(whole);
  });

  it.each([0, 1, 2, 3, 4, 5])('is whole although the answer to its request %i gets lost', async (skip) => {
    await using place = await openFakeStore(seed);
    place.fake.addFault({ route: rename, skip, when: 'after', effect: { kind: 'reset' } });
    expect(await place.store().replace('a', signed)).toBe('written');
    expect(await contents(place.store(), 'a')).toEqual(whole);
  });

  it('is finished by the next run before that asks for anything else', async () => {
    const assets = [
      { name: 'SHA256SUMS.old-0123abcd', text: 'old' },
      { name: 'SHA256SUMS.new-0123abcd', text: 'new' },
    ];
    await using place = await openFakeStore({ releases: [{ tag: 'a', name: 'a', body: 'index', assets }] });
    const store = place.store();
    const outcome = await store.replace('a', async () => {
      expect(place.fake.releases(repository)[0]?.assets.map(({ name }) => name)).toContain('SHA256SUMS');
      expect(place.fake.log.map(({ method }) => method)).toEqual(expect.arrayContaining(['GET', 'PATCH']));
      return signed();
    });
    expect(outcome).toBe('written');
    expect(await contents(place.store(), 'a')).toEqual(whole);
  });
});

async function contentsOfFinal(place: FakeStore): Promise<Record<string, string | undefined>> {
  const all = await contents(place.store(), 'a');
  return Object.fromEntries(Object.entries(all).filter(([name]) => !/-[0-9a-f]{8}$/.test(name)));
}
