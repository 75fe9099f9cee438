import { describe, expect, it } from '@jest/globals';
import { endState, openFakeStore, repository, type FakeStore } from '../../../testing/fake-store.ts';
import { contents, indexOf, manifest, metadata, newRelease, text } from '../../../testing/sample-releases.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { MetadataRelease, Store } from '../store.ts';

const renameAsset = 'PATCH /repos/{owner}/{repo}/releases/assets/{asset_id}';
const deleteAsset = 'DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}';
const getAsset = 'GET /repos/{owner}/{repo}/releases/assets/{asset_id}';
const upload = 'POST /repos/{owner}/{repo}/releases/{release_id}/assets';
const byTag = 'GET /repos/{owner}/{repo}/releases/tags/{tag}';

const oldIndex = { tag: 'a', name: 'a', body: 'index', assets: [{ name: 'SHA256SUMS', text: 'old' }] };

function names({ fake }: FakeStore, tag: string): readonly string[] {
  const release = fake.releases(repository).find((one) => one.tag === tag && !one.draft);
  return (release?.assets ?? []).map(({ name }) => name).toSorted();
}

function healthy(place: FakeStore): void {
  expect(place.fake.violations()).toEqual([]);
  expect(place.fake.releases(repository).filter((release) => release.draft)).toEqual([]);
}

/** Lists the tags there are. Between the first look and the first answer happens `once`. */
function planTags(store: Store, once?: () => Promise<unknown>): () => Promise<MetadataRelease> {
  let first = once;
  return async () => {
    const tags = [...(await store.publishedTags('a-'))].toSorted();
    const intermission = first;
    first = undefined;
    await intermission?.();
    return metadata(manifest(...tags));
  };
}

describe('replacing an index', () => {
  it('lacks the manifest for one request and never the image it names', async () => {
    const image = { name: 'a-2-arm64.raw', text: 'image' };
    await using place = await openFakeStore({ releases: [oldIndex, { tag: 'a-2', assets: [image] }] });
    const store = place.store();
    const asset = (await store.releases(['a-2']))[0]?.assets[0];
    if (asset === undefined) throw new Error('no asset');
    const without: string[] = [];
    place.fake.onRequest(({ request, moment }) => {
      const there = names(place, 'a');
      if (moment === 'before' && !there.includes('SHA256SUMS')) without.push(request.route);
      const manifestNow = place.fake
        .releases(repository)[0]
        ?.assets.find(({ name }) => name === 'SHA256SUMS');
      const isNew = manifestNow !== undefined && manifestNow.size > 3;
      if (isNew) expect(there).toContain('a-2-arm64.raw');
    });
    const plan = indexOf(manifest(image.name), { name: image.name, from: { tag: 'a-2', asset } });
    expect(await store.replace('a', plan)).toBe('written');
    expect(without).toEqual([renameAsset]);
    expect(names(place, 'a')).toEqual(['SHA256SUMS', 'a-2-arm64.raw']);
    healthy(place);
  });

  it('writes nothing and downloads nothing when nothing changed', async () => {
    await using place = await openFakeStore({ releases: [oldIndex] });
    const plan = indexOf(text('SHA256SUMS', 'old'));
    expect(await place.store().replace('a', plan)).toBe('unchanged');
    expect(place.fake.requests()).toEqual(new Map([[byTag, 1]]));
  });

  it('looks at many in one query', async () => {
    const tags = Array.from({ length: 35 }, (_, n) => `e${n}`);
    await using place = await openFakeStore({ releases: tags.map((tag) => ({ ...oldIndex, tag })) });
    const store = place.store();
    await Promise.all(tags.map((tag) => store.replace(tag, indexOf(text('SHA256SUMS', 'old')))));
    expect(place.fake.requests()).toEqual(new Map([['POST /graphql', 1]]));
  });

  it('corrects title and notes, and leaves strangers alone', async () => {
    const assets = [...oldIndex.assets, { name: 'mine.txt' }, { name: 'a-1-arm64.raw' }];
    await using place = await openFakeStore({ releases: [{ tag: 'a', body: 'odd', assets }] });
    await place.store().replace('a', indexOf(text('SHA256SUMS', 'old')));
    expect(endState(place.fake, repository).releases).toMatchObject([{ name: 'a', body: 'index' }]);
    expect(names(place, 'a')).toEqual(['SHA256SUMS', 'mine.txt']);
  });

  it('makes only the global index the latest release, also when another one became it', async () => {
    await using place = await openFakeStore({ releases: [oldIndex] });
    const index = { ...metadata(manifest('x')), newest: true };
    const isLatest = () =>
      place.fake.repo(repository).latestId ===
      place.fake.releases(repository).find(({ tag }) => tag === globalTag)?.id;
    await place.store().replace(globalTag, () => Promise.resolve(index));
    await place.store().replace('a', indexOf(manifest('x')));
    expect(isLatest()).toBe(true);
    place.fake.addRelease(repository, { tag: 'v1', latest: true });
    expect(isLatest()).toBe(false);
    expect(await place.store().replace(globalTag, () => Promise.resolve(index))).toBe('written');
    expect(await place.store().replace(globalTag, () => Promise.resolve(index))).toBe('unchanged');
    expect(isLatest()).toBe(true);
    healthy(place);
  });

  it('knows old assets without a digest by their bytes', async () => {
    const assets = [{ name: 'SHA256SUMS', text: 'old', digest: false }];
    await using place = await openFakeStore({ releases: [{ ...oldIndex, assets }] });
    expect(await place.store().replace('a', indexOf(text('SHA256SUMS', 'old')))).toBe('unchanged');
    expect(await place.store().replace('a', indexOf(text('SHA256SUMS', 'new')))).toBe('written');
    expect(await contents(place.store(), 'a')).toEqual({ SHA256SUMS: 'new' });
  });
});

describe('an index that is replaced while things go wrong', () => {
  const badGateway = { kind: 'status', status: 502 } as const;
  const reset = { kind: 'reset' } as const;

  it.each([
    { what: 'a starter', fault: { route: upload, when: 'during', effect: reset } },
    { what: 'an upload not answered', fault: { route: upload, when: 'after', effect: reset } },
    { what: 'a rename not answered', fault: { route: renameAsset, when: 'after', effect: reset } },
    { what: 'a rename that fails', fault: { route: renameAsset, skip: 1, effect: badGateway } },
    { what: 'a deletion not answered', fault: { route: deleteAsset, when: 'after', effect: badGateway } },
    { what: 'stale reads', lag: byTag },
    { what: 'stale GraphQL', lag: 'POST /graphql' },
  ] as const)('survives $what', async (row) => {
    await using place = await openFakeStore({ releases: [oldIndex] });
    if ('fault' in row) place.fake.addFault(row.fault);
    if ('lag' in row) place.fake.lagBehind(row.lag, 6);
    for (const round of ['1', '2']) {
      await place.store().replace('a', indexOf(manifest(round), text('a.conf', round)));
    }
    place.fake.heal();
    expect(await contents(place.store(), 'a')).toEqual({ SHA256SUMS: manifest('2').text, 'a.conf': '2' });
    healthy(place);
  });

  it('is never set back by a run that planned before another one wrote', async () => {
    await using place = await openFakeStore({ releases: [oldIndex, { tag: 'a-1' }] });
    const [slow, fast] = [place.store(), place.store()];
    await slow.replace(
      'a',
      planTags(slow, async () => {
        await using release = await newRelease('a-2', { 'a-2.raw': 'image' });
        await fast.publish(release);
        await fast.replace('a', planTags(fast));
      }),
    );
    expect(await contents(place.store(), 'a')).toEqual({ SHA256SUMS: manifest('a-1', 'a-2').text });
    healthy(place);
  });

  it('spares what looked like a leftover and is the manifest of a run still alive', async () => {
    const assets = [...oldIndex.assets, { name: 'SHA256SUMS.new-0123abcd', text: manifest('x').text }];
    await using place = await openFakeStore({ releases: [{ ...oldIndex, assets }] });
    place.fake.onRequest(({ request, moment }) => {
      const [old, alive] = place.fake.releases(repository)[0]?.assets ?? [];
      if (request.route !== getAsset || moment !== 'before' || old === undefined || alive === undefined)
        return;
      old.name = 'SHA256SUMS.old-0123abcd';
      alive.name = 'SHA256SUMS';
    });
    await place.store().replace('a', indexOf(text('SHA256SUMS', 'old')));
    expect(await place.store().read('a', 'SHA256SUMS')).toBe(manifest('x').text);
  });

  it('puts back what another run removed in the last moment', async () => {
    await using place = await openFakeStore({ releases: [oldIndex] });
    let isRobbed = false;
    place.fake.onRequest(({ request, moment }) => {
      if (request.route !== deleteAsset || moment !== 'after' || isRobbed) return;
      isRobbed = true;
      place.fake.releases(repository)[0]?.assets.splice(0);
    });
    expect(await place.store().replace('a', indexOf(manifest('x'), text('a.conf', '1')))).toBe('written');
    expect(isRobbed).toBe(true);
    expect(names(place, 'a')).toEqual(['SHA256SUMS', 'a.conf']);
  });

  it('ends the same when several runs write the same and different things at once', async () => {
    await using place = await openFakeStore({ releases: [oldIndex] });
    const run = async (n: number) => {
      const store = place.store();
      await using release = await newRelease(`a-${n}`, { [`a-${n}.raw`]: 'image' });
      await store.publish(release);
      await store.replace('a', async () => {
        const tags = [...(await store.publishedTags('a-'))].toSorted();
        return metadata(manifest(...tags), text('a.conf', String(tags.length)));
      });
    };
    await Promise.all([1, 2, 3].map(run));
    const sums = manifest('a-1', 'a-2', 'a-3').text;
    expect(await contents(place.store(), 'a')).toEqual({ SHA256SUMS: sums, 'a.conf': '3' });
    healthy(place);
  });
});

describe('immutable releases', () => {
  it.each([
    { who: 'an administrator', token: 'admin' },
    { who: 'a workflow', token: 'test-token' },
  ])('suit versions; an index is refused to $who before it takes a tag', async ({ token }) => {
    const admin = { contents: 'write', administration: 'write' } as const;
    await using place = await openFakeStore(
      { immutableReleases: true },
      { tokens: { admin, 'test-token': { contents: 'write' } } },
    );
    await using release = await newRelease('a-1', { 'a-1.raw': 'image' });
    expect(await place.store(token).publish(release)).toBe('published');
    await expect(place.store(token).replace('a', indexOf(manifest('x')))).rejects.toThrow(
      'immutable releases',
    );
    expect(place.fake.repo(repository).tags.has('a')).toBe(false);
    const first = { ...release, tag: 'a-2', indexes: ['a', globalTag] };
    await expect(place.store(token).publish(first)).rejects.toMatchObject({
      message: expect.stringContaining(
        'expected release a, an index, to be changeable, got immutable releases',
      ),
      hint: expect.stringContaining('turn off "immutable releases"'),
    });
    expect(place.fake.repo(repository).tags.has('a-2')).toBe(false);
    healthy(place);
  });

  it.each([
    { what: 'turned on since the last release', before: false, now: true },
    { what: 'turned off since the last release', before: true, now: false },
    { what: 'on in an empty repository', before: undefined, now: true },
    { what: 'off in an empty repository', before: undefined, now: false },
  ])('are told by a probe that is removed when the setting was $what', async ({ before, now }) => {
    await using place = await openFakeStore();
    const repo = place.fake.repo(repository);
    if (before !== undefined) {
      repo.immutableReleases = before;
      await using old = await newRelease('a-1', { 'a-1.raw': 'image' });
      await place.store().publish(old);
      for (const release of place.fake.releases(repository)) release.publishedAt = Date.now() - 86_400_000;
    }
    repo.immutableReleases = now;
    const attempt = place.store().replace('a', indexOf(manifest('x')));
    const outcome = await attempt.catch((error: unknown) => String(error));
    expect(outcome).toEqual(now ? expect.stringContaining('immutable releases') : 'written');
    const tags = place.fake.releases(repository).map(({ tag }) => tag);
    expect(tags).toEqual([...(before === undefined ? [] : ['a-1']), ...(now ? [] : ['a'])]);
    expect([...repo.tags.keys()].filter((tag) => tag.startsWith('bakery.probe'))).toHaveLength(now ? 1 : 0);
    healthy(place);
  });

  it('are noticed before the first version of an extension is published, though older releases are changeable', async () => {
    await using place = await openFakeStore({ releases: [{ tag: 'b-1' }] });
    for (const old of place.fake.releases(repository)) old.publishedAt = Date.now() - 86_400_000;
    place.fake.repo(repository).immutableReleases = true;
    await using release = await newRelease('a-1', { 'a-1.raw': 'image' });
    await expect(place.store().publish({ ...release, indexes: ['a', globalTag] })).rejects.toThrow(
      'expected release a, an index, to be changeable, got immutable releases',
    );
    expect(place.fake.releases(repository).map(({ tag }) => tag)).toEqual(['b-1']);
    healthy(place);
  });

  it('leave no probe of a killed run behind, and that of a run at work alone', async () => {
    await using place = await openFakeStore();
    const [running, killed] = [`bakery.probe.${Date.now()}.a`, `bakery.probe.${Date.now() - 3_600_000}.b`];
    const seeds = [{ tag: running }, { tag: killed }, { tag: `${killed}c`, draft: true }];
    for (const seed of seeds) place.fake.addRelease(repository, seed);
    expect(await place.store().replace('a', indexOf(manifest('x')))).toBe('written');
    expect(place.fake.releases(repository).map(({ tag }) => tag)).toEqual([running, 'a']);
    expect([...place.fake.repo(repository).tags.keys()].toSorted()).toEqual(['a', running]);
    healthy(place);
  });

  it('leave an index that is older than the setting changeable', async () => {
    await using place = await openFakeStore({ immutableReleases: true });
    place.fake.repo(repository).immutableReleases = false;
    await place.store().replace('a', indexOf(manifest('x')));
    place.fake.repo(repository).immutableReleases = true;
    expect(await place.store().replace('a', indexOf(manifest('y')))).toBe('written');
  });

  it('keep the names of deleted ones, which is said', async () => {
    await using place = await openFakeStore();
    place.fake.repo(repository).burntTags.add('a-1');
    await using release = await newRelease('a-1', { 'a-1.raw': 'image' });
    await expect(place.store().publish(release)).rejects.toThrow('immutable release');
    healthy(place);
  });
});
