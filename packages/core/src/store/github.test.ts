import { describe, expect, it } from '@jest/globals';
import { endState, openFakeStore, repository, type FakeStore } from '../../testing/fake-store.ts';
import { contents, indexOf, newRelease, sha256 } from '../../testing/sample-releases.ts';
import { UserError } from '../diagnostics/user-error.ts';

const upload = 'POST /repos/{owner}/{repo}/releases/{release_id}/assets';
const createRelease = 'POST /repos/{owner}/{repo}/releases';
const updateRelease = 'PATCH /repos/{owner}/{repo}/releases/{release_id}';
const byTag = 'GET /repos/{owner}/{repo}/releases/tags/{tag}';

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function healthy({ fake }: FakeStore): void {
  expect(fake.violations()).toEqual([]);
  expect(fake.releases(repository).filter((release) => release.draft)).toEqual([]);
}

describe('published tags', () => {
  it('leaves out tags without a release, and drafts', async () => {
    const releases = [{ tag: 'a-1' }, { tag: 'a-2', draft: true }];
    await using place = await openFakeStore({ tags: ['v1', 'a-2', 'a-3'], releases });
    expect(await place.store().publishedTags()).toEqual(new Set(['a-1']));
    expect(await place.store().releases(['a-1', 'a-2', 'a-3', 'v1'])).toEqual([
      { tag: 'a-1', publishedAt: expect.any(Number), assets: [] },
    ]);
  });

  it('sees the published release beside a leftover draft of the same tag', async () => {
    await using place = await openFakeStore({ releases: [{ tag: 'a-1' }, { tag: 'a-1', draft: true }] });
    expect(await place.store().publishedTags()).toEqual(new Set(['a-1']));
  });

  it('reaches beyond the 1,000 releases a listing shows, in few requests', async () => {
    const tags = Array.from({ length: 1200 }, (_, n) => `a-${n + 1}`);
    await using place = await openFakeStore({ releases: tags.map((tag) => ({ tag })) });
    const store = place.store();
    expect(await store.publishedTags()).toEqual(new Set(tags));
    expect(sum(place.fake.requests())).toBe(5);
    place.fake.clearLog();
    expect((await store.publishedTags('a-7')).size).toBe(111);
    expect(sum(place.fake.requests())).toBe(1);
    place.fake.clearLog();
    expect(await store.releases(tags)).toHaveLength(1200);
    expect(sum(place.fake.requests())).toBe(12);
    healthy(place);
  });

  it('shows each file of an index under its name, once, while another run replaces some', async () => {
    const names = ['SHA256SUMS.old-0123abcd', 'SHA256SUMS.new-0123abcd', 'catalogue.json'];
    const assets = [
      ...names,
      'catalogue.json.old-89abcdef',
      'catalogue.json.new-89abcdef',
      'a.conf.new-89abcdef',
    ];
    const release = { tag: 'a', assets: assets.map((name) => ({ name, text: `${name}\n` })) };
    await using place = await openFakeStore({ releases: [release] });
    const [shown] = await place.store().releases(['a']);
    expect(shown?.assets).toEqual([
      { name: 'SHA256SUMS', size: 24, sha256: sha256('SHA256SUMS.old-0123abcd\n') },
      { name: 'catalogue.json', size: 15, sha256: sha256('catalogue.json\n') },
    ]);
  });

  it('shares the requests of questions asked at the same time', async () => {
    await using place = await openFakeStore({ releases: [{ tag: 'a-1' }, { tag: 'b-1' }] });
    const store = place.store();
    await Promise.all(
      ['a', 'b'].map(async (name) => {
        expect(await store.publishedTags(`${name}-`)).toEqual(new Set([`${name}-1`]));
        expect(await store.releases([`${name}-1`])).toHaveLength(1);
      }),
    );
    expect(sum(place.fake.requests())).toBe(3);
  });

  it('works without a token, and says when that is not enough', async () => {
    const releases = [{ tag: 'a-1', assets: [{ name: 'a.raw', text: 'image' }] }];
    await using place = await openFakeStore({ tags: ['v1'], releases });
    const tags = ['a-1', 'a-2', 'a-3', 'v1'];
    expect(await place.store('').publishedTags()).toEqual(new Set(['a-1']));
    const assets = [{ name: 'a.raw', size: 5, sha256: sha256('image') }];
    const found = [{ tag: 'a-1', publishedAt: expect.any(Number), assets }];
    expect(await place.store('').releases(tags)).toEqual(found);
    expect(await place.store('').releases(['a-1'])).toEqual(found);
    for (let n = 0; n < 1000; n++) place.fake.addRelease(repository, { tag: `b-${n}` });
    await expect(place.store('').publishedTags()).rejects.toThrow('without a token');
    healthy(place);
  });
});

describe('releases', () => {
  it('knows digests, all assets of large releases, and no digest of old assets', async () => {
    const assets = Array.from({ length: 250 }, (_, n) => ({ name: `f${n}.raw`, text: `${n}` }));
    const old = [{ name: 'old.raw', text: 'old', digest: false }];
    await using place = await openFakeStore({
      releases: [
        { tag: 'a-1', assets },
        { tag: 'a-2', assets: old },
      ],
    });
    const [large, small] = await place.store().releases(['a-1', 'a-2']);
    expect(large?.assets.map(({ sha256: digest }) => digest)).toEqual(
      assets.map((asset) => sha256(asset.text)),
    );
    expect(small?.assets).toEqual([{ name: 'old.raw', size: 3, sha256: undefined }]);
    healthy(place);
  });
});

describe('read', () => {
  it('costs no API request where everybody may read', async () => {
    await using place = await openFakeStore({
      releases: [{ tag: 'a+1', assets: [{ name: 'b+c', text: 'x' }] }],
    });
    expect(await place.store('').read('a+1', 'b+c')).toBe('x');
    expect(sum(place.fake.requests(['api', 'graphql']))).toBe(0);
  });

  it('reads and copies in a private repository', async () => {
    const releases = [{ tag: 'a-1', assets: [{ name: 'a-1-arm64.raw', text: 'image' }] }];
    await using place = await openFakeStore({ private: true, releases });
    const store = place.store();
    expect(await store.read('a-1', 'a-1-arm64.raw')).toBe('image');
    const asset = (await store.releases(['a-1']))[0]?.assets[0];
    if (asset === undefined) throw new Error('no asset');
    await store.replace('a', indexOf({ name: asset.name, from: { tag: 'a-1', asset } }));
    expect(await contents(store, 'a')).toEqual({ 'a-1-arm64.raw': 'image' });
    healthy(place);
  });

  it('reads no text without end, in a private repository either', async () => {
    const text = 'x'.repeat(64 * 1024 ** 2 + 1);
    const releases = [{ tag: 'a', assets: [{ name: 'SHA256SUMS', text }] }];
    for (const isPrivate of [false, true]) {
      await using place = await openFakeStore({ private: isPrivate, releases });
      await expect(place.store().read('a', 'SHA256SUMS')).rejects.toMatchObject({ code: 'fetch.too-large' });
    }
  });

  it('finds the old bytes of an asset whose replacement was cut short', async () => {
    const assets = [{ name: 'SHA256SUMS.old-0123abcd', text: 'old' }];
    await using place = await openFakeStore({ releases: [{ tag: 'a', assets }] });
    expect(await place.store().read('a', 'SHA256SUMS')).toBe('old');
  });
});

describe('publish', () => {
  const files = { 'a-1-arm64.raw': 'image', 'a+b.conf': 'conf', SHA256SUMS: 'sums' };

  it('makes no version the latest release', async () => {
    await using place = await openFakeStore({ releases: [{ tag: 'SHA256SUMS', latest: true }] });
    await using release = await newRelease('a-1', files);
    await place.store().publish(release);
    const [global] = place.fake.releases(repository);
    expect(place.fake.repo(repository).latestId).toBe(global?.id);
  });

  it.each([
    { name: 'a~rc1.raw', why: 'rename' },
    { name: '.hidden', why: 'rename' },
    { name: 'a..b', why: 'rename' },
    { name: 'ä.raw', why: 'rename' },
  ])('refuses $name before anything is sent', async ({ name, why }) => {
    await using place = await openFakeStore();
    await using release = await newRelease('a-1', { [name]: 'image' });
    await expect(place.store().publish(release)).rejects.toThrow(why);
    expect(sum(place.fake.requests())).toBe(0);
  });

  it.each([
    { what: 'an empty file', made: { 'a.raw': '' }, why: '1 byte to less than 2 GiB, got 0 bytes' },
    {
      what: '1,001 files',
      made: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`f${n}`, 'x'])),
      why: 'at most 1000 files, got 1001',
    },
  ])('refuses $what before anything is sent', async ({ made, why }) => {
    await using place = await openFakeStore();
    await using release = await newRelease('a-1', made);
    await expect(place.store().publish(release)).rejects.toThrow(why);
    expect(sum(place.fake.requests())).toBe(0);
  });

  const badGateway = { kind: 'status', status: 502 } as const;
  const reset = { kind: 'reset' } as const;
  it.each([
    {
      what: 'an upload that is reset and leaves a starter',
      fault: { route: upload, when: 'during', effect: reset },
    },
    {
      what: 'two uploads that leave starters',
      fault: { route: upload, times: 2, when: 'during', effect: badGateway },
    },
    {
      what: 'an upload that arrives but is not answered',
      fault: { route: upload, when: 'after', effect: reset },
    },
    { what: 'an upload that fails at once', fault: { route: upload, effect: badGateway } },
    {
      what: 'a draft that is made but not answered',
      fault: { route: createRelease, when: 'after', effect: badGateway },
    },
    {
      what: 'a publication that is not answered',
      fault: { route: updateRelease, when: 'after', effect: reset },
    },
    {
      what: 'a publication never answered',
      fault: { route: updateRelease, when: 'after', times: 9, effect: reset },
    },
    {
      what: 'a publication that fails thrice',
      fault: { route: updateRelease, times: 3, effect: badGateway },
    },
    { what: '5xx on every route once', fault: { route: '*', times: 1, effect: badGateway } },
    {
      what: 'a secondary limit',
      fault: {
        route: upload,
        effect: {
          kind: 'status',
          status: 403,
          retryAfter: 1,
          message: 'You have exceeded a secondary rate limit',
        },
      },
    },
    {
      what: 'a secondary limit with 429',
      fault: {
        route: createRelease,
        effect: {
          kind: 'status',
          status: 429,
          retryAfter: 2,
          message: 'You have exceeded a secondary rate limit',
        },
      },
    },
  ] as const)('survives $what', async (row) => {
    await using place = await openFakeStore();
    await using release = await newRelease('a-1', files);
    place.fake.addFault(row.fault);
    expect(await place.store().publish(release)).toBe('published');
    expect(await contents(place.store(), 'a-1')).toEqual(files);
    healthy(place);
  });

  it('gives up a broken upload with a message, and the next run repairs', async () => {
    await using place = await openFakeStore();
    await using release = await newRelease('a-1', files);
    place.fake.addFault({ route: upload, times: 99, when: 'during', effect: { kind: 'reset' } });
    await expect(place.store().publish(release)).rejects.toThrow(UserError);
    expect(await place.store().publishedTags()).toEqual(new Set());
    place.fake.heal();
    expect(await place.store().publish(release)).toBe('published');
    healthy(place);
  });

  it('removes drafts of killed runs, never those of other tags', async () => {
    const draft = { draft: true, assets: [{ name: 'a-1-arm64.raw', state: 'starter' as const }] };
    await using place = await openFakeStore({
      releases: [
        { tag: 'a-1', ...draft },
        { tag: 'mine', ...draft },
      ],
    });
    await using release = await newRelease('a-1', files);
    expect(await place.store().publish(release)).toBe('published');
    expect(endState(place.fake, repository).releases).toMatchObject([
      { tag: 'a-1', draft: false },
      { tag: 'mine', draft: true },
    ]);
  });

  it('never makes a second release while reads are behind', async () => {
    await using place = await openFakeStore();
    await using release = await newRelease('a-1', files);
    place.fake.lagBehind(byTag, 40);
    place.fake.lagBehind('GET /repos/{owner}/{repo}/releases', 40);
    const results = await Promise.all([place.store().publish(release), place.store().publish(release)]);
    expect(results.toSorted()).toEqual(['exists', 'published']);
    expect(await place.store().publish(release)).toBe('exists');
    expect(place.fake.releases(repository).filter(({ draft }) => !draft)).toHaveLength(1);
  });

  it('knows its own releases while GitHub does not yet', async () => {
    await using place = await openFakeStore();
    await using release = await newRelease('a-1', files);
    place.fake.lagBehind('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', 40);
    const store = place.store();
    await store.publish(release);
    expect(await store.publishedTags()).toEqual(new Set(['a-1']));
  });

  it('defers what the hour has no requests left for', async () => {
    await using place = await openFakeStore({}, { limits: { core: 10 } });
    await using release = await newRelease('a-1', files);
    await expect(place.store().publish(release)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /^release a-1: GitHub’s .* is reached until 20.* UTC \(10 requests are left, this takes 13\)$/,
      ),
      busy: { kind: 'hourly', until: expect.any(Number) },
    });
    expect(sum(place.fake.writes())).toBe(0);
  });

  it('says what the token lacks', async () => {
    await using place = await openFakeStore({}, { tokens: { weak: { contents: 'read' } } });
    await using release = await newRelease('a-1', files);
    await expect(place.store('weak').publish(release)).rejects.toMatchObject({
      hint: expect.stringContaining('contents: write'),
    });
    await expect(place.store('gone').publish(release)).rejects.toThrow('does not accept the token');
  });
});
