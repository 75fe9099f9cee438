import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubClient } from '@bakery/core/src/github/client.ts';
import { githubConfig } from '@bakery/core/src/github/config.ts';
import { tagOf } from '@bakery/core/src/names/tag.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { recipeArches } from '@bakery/core/src/recipe/recipe-arches.ts';
import { checkReleases } from '@bakery/core/src/release/check/check-releases.ts';
import { type Wanted } from '@bakery/core/src/release/check/plan.ts';
import {
  isWorthRemembering,
  nextStatus,
  readStatus,
  writeStatus,
} from '@bakery/core/src/release/history/status-file.ts';
import { updateExtensionMetadata } from '@bakery/core/src/release/metadata/metadata.ts';
import { updateMetadata } from '@bakery/core/src/release/metadata/update-metadata.ts';
import { publishVersion } from '@bakery/core/src/release/publish/publish.ts';
import { undoYank, yank } from '@bakery/core/src/release/yank.ts';
import type { FeedSigner } from '@bakery/core/src/signing/feed-signer.ts';
import type { Store } from '@bakery/core/src/store/store.ts';
import { type FastClock, fastStore } from '@bakery/core/testing/fast-store.ts';
import { sampleImages } from '@bakery/core/testing/sample-images.ts';
import { sampleSigner } from '@bakery/core/testing/sample-signer.ts';
import { jobsOf } from '../../src/matrix.ts';
import { planRun } from '../../src/plan-run.ts';
import { raiseIssues } from '../../src/raise-issues.ts';
import { tellRun } from '../../src/run-story.ts';
import type { MadeUpWorld } from './made-up-world.ts';
import type { Deed } from './model.ts';

const longestWait = 300; // seconds: no limit is met here, and an outage lasts all night
export const repository = 'octo/bakery';
export const hub = 'https://bakery.example';
/** For how many days hosts believe an index, and how many of them are left after any night. */
export const renewed = { days: 14, left: 7 } as const;

export interface LiveBakery {
  /** What bake.yaml does in a night; `isBroken` says whose builds fail. */
  run(key: string, isBroken: (name: string) => boolean): Promise<void>;
  /** What people do, by workflow or command line. */
  act(deed: Deed, key: string): Promise<void>;
}

/** The jobs of a bakery on GitHub, each with a store of its own, as workflows have them. */
export function liveBakery(
  world: MadeUpWorld,
  clock: FastClock,
  env: Readonly<Record<string, string>>,
): LiveBakery {
  const { recipeBook, ports } = world;
  const { names } = recipeBook;
  const io = { env, report: silentReport, tmpdir: tmpdir() };
  const open = (key: string) => {
    const store = fastStore({ io, repo: repository }, clock, longestWait);
    const bestBefore = { days: renewed.days, now: clock.now };
    const signer = () => Promise.resolve({ ...signerOf(key), bestBefore });
    return { store, hub, signer, recipeBook, names, ports, upstream: world.upstream() };
  };

  const publish = async (wanted: readonly Wanted[], key: string, isBroken: (name: string) => boolean) => {
    for (const { extension, version, index } of jobsOf(wanted.map((one) => ({ wanted: one, arches: [] })))) {
      if (isBroken(extension) || !world.hasFiles(extension, version)) continue;
      const job = open(key);
      const loaded = await recipeBook.find(extension);
      await using folder = await mkdtempDisposable(join(tmpdir(), 'years-'));
      const images = await sampleImages(extension, version, recipeArches(loaded.recipe), folder.path);
      await publishVersion(loaded, images, job);
      if (index) await updateExtensionMetadata(extension, loaded.recipe, job);
    }
  };

  return {
    run: async (key, isBroken) => {
      const check = open(key);
      const asked = names.map((name) => ({ name, version: 'latest', why: 'pinned' as const }));
      const { plan, failures, tags } = await checkReleases(asked, check);
      if (failures.length > 0) throw failures[0]?.error;
      const limits = { maxBuilds: 256, hours: 24, extensions: names, tags };
      const toBeSigned = { ...check, isToBeSigned: () => Promise.resolve(true) };
      const { chosen, deferred } = await planRun(plan.build, limits, toBeSigned);
      const planned = chosen.map(({ wanted }) => wanted);
      await publish(planned, key, isBroken);
      const updated = await updateMetadata(names, open(key));
      if (updated.failures.length + updated.postponed.length > 0)
        throw updated.failures[0]?.error ?? new Error('nothing is to wait');

      const { store } = open(key);
      const leftOut = (plan.incomplete ?? []).map(({ name, version }) => ({
        extension: name,
        version,
        why: 'upstream lacks files',
      }));
      const story = tellRun({
        planned: planned.map(({ name, version }) => ({ extension: name, version })),
        deferred: [...deferred],
        leftOut,
        releases: planned.length === 0 ? [] : await store.releases(planned.map(tagOf)),
        troubles: new Map(),
        urlOf: (tag) => tag,
      });
      await remember(story, store);
    },
    act: async ({ kind, name, version }, key) => {
      const job = open(key);
      const request = { name, version, recipe: (await recipeBook.find(name)).recipe };
      if (kind === 'yank') await yank(request, 'it is bad', job);
      else if (kind === 'undo') await undoYank(request, job);
      else {
        const asked = { name, version, why: 'asked' as const, revise: 'a mended library' };
        const { plan } = await checkReleases([asked], job);
        await publish(plan.build, key, () => false);
        await updateMetadata([name], open(key));
      }
    },
  };

  async function remember(story: ReturnType<typeof tellRun>, store: Store): Promise<void> {
    const before = await readStatus(store);
    if (!isWorthRemembering(before, story)) return;
    const now = clock.now();
    const status = nextStatus(before, { ...story, looked: names, listed: new Set(names) }, now);
    await writeStatus(store, status);
    const { octokit } = githubClient(githubConfig(env), { report: silentReport, clock });
    const [owner = '', repo = ''] = repository.split('/');
    const run = 'https://github.example/run';
    await raiseIssues(status, { label: 'bakery', after: 3, now, run }, { octokit, owner, repo });
  }
}

/** Signatures of one key or another, made by nobody. */
export function signerOf(key: string): FeedSigner {
  const sign = async (manifest: string): Promise<string> => `${key} signed ${manifest}`;
  return {
    ...sampleSigner,
    fingerprint: key,
    sign,
    isOwn: async (manifest, signature) => signature === (await sign(manifest)),
  };
}
