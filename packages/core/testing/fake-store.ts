import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import type { Store } from '../src/store/store.ts';
import { storeAt } from './hurried-store.ts';

export const repository = 'octo/bakery';

export interface FakeStore extends AsyncDisposable {
  readonly fake: FakeGithub;
  /** What another run would open. */
  readonly store: (token?: string) => Store;
}

/** The GitHub store against the fake, with an empty repository; for tests. */
export async function openFakeStore(
  seed: Parameters<FakeGithub['addRepo']>[1] = {},
  options: Parameters<typeof startFakeGithub>[0] = {},
): Promise<FakeStore> {
  const fake = await startFakeGithub({ ...options, limits: { ...unlimited, ...options.limits } });
  fake.addRepo(repository, seed);
  return {
    fake,
    store: (token = 'test-token') => storeAt(fake, token, 'bakery'),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

const plenty = 100_000;
export const unlimited = {
  core: plenty,
  graphql: plenty,
  contentPerMinute: plenty,
  contentPerHour: plenty,
  pointsPerMinute: plenty,
  graphqlPointsPerMinute: plenty,
};

/** All that counts of a repository’s releases, without what differs between runs: ids and dates. */
export function endState(fake: FakeGithub, fullName: string) {
  const { latestId } = fake.repo(fullName);
  const releases = fake.releases(fullName).map((release) => ({
    tag: release.tag,
    name: release.name,
    body: release.body,
    draft: release.draft,
    latest: release.id === latestId,
    assets: release.assets
      .map(({ name, state, digest }) => ({ name, state, digest }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }));
  return { releases: releases.toSorted((a, b) => (a.tag < b.tag ? -1 : 1)) };
}
