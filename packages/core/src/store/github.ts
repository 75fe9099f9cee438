import pLimit from 'p-limit';
import { explained } from '../github/refusal.ts';
import { budget } from './github/budget.ts';
import { coalesce } from './github/coalesce.ts';
import { findReleases } from './github/find-releases.ts';
import { lookAhead } from './github/look-ahead.ts';
import { mark } from './github/mark.ts';
import { obstaclesAmong } from './github/obstacles-among.ts';
import { publish } from './github/publish.ts';
import { publishedTags } from './github/published-tags.ts';
import { downloadAsset, hashAsset, offersAny, isStump, readAsset } from './github/read-asset.ts';
import { deleteRelease, releaseByTag } from './github/remote-release.ts';
import { isAnonymous, type Remote } from './github/remote.ts';
import { replace, type Seen } from './github/replace.ts';
import { maxAssetBytes } from './github/rules.ts';
import { finalName, replacedName } from './github/swap-names.ts';
import type { Release, Store } from './store.ts';

export type GithubStoreOptions = Remote;

/**
 * The releases of a GitHub repository. Questions asked at the same time share their requests, so update
 * many extensions at once rather than one after the other. Rejects with GithubBusy when GitHub wants no
 * more requests for now.
 */
export function githubStore(remote: GithubStoreOptions): Store {
  const name = `github:${remote.owner}/${remote.repo}`;
  const releases = `${remote.client.config.serverUrl}/${remote.owner}/${remote.repo}/releases`;
  const known = new Set<string>();
  // What this store published is published, even while GitHub’s replicas do not know yet.
  const own = new Map<string, Release>();
  const tags = coalesce((prefixes: readonly string[]) =>
    publishedTags(remote, prefixes.length === 1 ? (prefixes[0] ?? '') : '', known),
  );
  // Of two replacements at once each would wait for the other’s requests while its files are missing.
  const writing = pLimit(1);
  const find = coalesce((wanted: readonly string[]) => findReleases(remote, wanted));
  const look = coalesce((wanted: readonly string[]) => lookAt(remote, wanted));
  return {
    name,
    imagesBesideIndex: 'newest',
    largestFile: maxAssetBytes,
    indexUrl: (tag) => `${releases}/download/${encodeURIComponent(tag)}/`,
    notesUrl: (tag) => `${releases}/tag/${encodeURIComponent(tag)}`,
    publishedTags: (prefix = '') =>
      explained(name, async () => {
        const all = [...(await tags([prefix])), ...own.keys()];
        return new Set(all.filter((tag) => tag.startsWith(prefix)));
      }),
    releases: (wanted) =>
      explained(name, async () => {
        const found = wanted.length === 0 ? undefined : await find(wanted);
        return wanted.flatMap((tag) => {
          const release = found?.get(tag) ?? own.get(tag);
          return release === undefined ? [] : [toRelease(release)];
        });
      }),
    hasAny: (tag, assets) =>
      explained(name, async () => {
        const told = await offersAny(remote, tag, assets);
        return told ?? (await find([tag])).get(tag)?.assets.some((one) => assets.includes(one.name)) === true;
      }),
    read: (tag, asset) => explained(name, () => readAsset(remote, tag, asset)),
    isStump: (tag, asset) => explained(name, () => isStump(remote, tag, asset)),
    hash: (tag, asset) => explained(name, () => hashAsset(remote, tag, asset)),
    download: (tag, asset, path) => explained(name, () => downloadAsset(remote, tag, asset, path)),
    publish: (release) =>
      explained(`${name}: release ${release.tag}`, async () => {
        const published = await publish(remote, release);
        if (published === 'exists') return 'exists';
        own.set(release.tag, published);
        return 'published';
      }),
    mark: (tag, withdrawn) => explained(`${name}: release ${tag}`, () => mark(remote, tag, withdrawn)),
    remove: (tag) =>
      explained(`${name}: release ${tag}`, async () => {
        const release = await releaseByTag(remote, tag);
        if (release !== undefined) await deleteRelease(remote, release.id);
        known.delete(tag);
        own.delete(tag);
      }),
    budget: () => explained(name, () => budget(remote)),
    obstacles: (planned) =>
      explained(name, async () => obstaclesAmong(planned, await lookAhead(remote, planned), name)),
    replace: (tag, plan) =>
      explained(`${name}: release ${tag}`, () =>
        replace(remote, tag, plan, {
          look: async (wanted) => (await look([wanted])).get(wanted),
          alone: writing,
        }),
      ),
  };
}

/** One alone is asked for by REST, which says at once what it takes to write. */
async function lookAt(remote: Remote, tags: readonly string[]): Promise<ReadonlyMap<string, Seen>> {
  const [only] = tags;
  if (tags.length !== 1 || only === undefined || isAnonymous(remote)) return findReleases(remote, tags);
  const release = await releaseByTag(remote, only);
  return new Map(release === undefined ? [] : [[only, release]]);
}

function toRelease({ tag, publishedAt, assets }: Release): Release {
  return { tag, publishedAt, assets: forReaders(assets) };
}

/** As if no run were replacing files just now: each under its name, once. */
function forReaders(assets: Release['assets']): Release['assets'] {
  const there = new Set(assets.map(({ name }) => name));
  return assets.flatMap(({ name, size, sha256 }) => {
    if (finalName(name) === undefined) return [{ name, size, sha256 }];
    const replaced = replacedName(name);
    return replaced === undefined || there.has(replaced) ? [] : [{ name: replaced, size, sha256 }];
  });
}
