import { describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { createEmulator } from 'emulate';
import { startFakeGithub } from './fake-github.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';

// Nobody here wrote `emulate`, so where both have a feature they have to agree. It shows drafts by tag,
// makes no tags on publishing, keeps no bytes and has no digest: those are left out.

const bakery = { owner: 'baker', repo: 'bakery' };

interface Github {
  readonly octokit: Octokit;
  readonly anonymous: Octokit;
}

/** What both must say alike. */
type Scenario = (github: Github) => Promise<unknown>;

const scenarios: readonly (readonly [string, Scenario])[] = [
  [
    'a draft: its fields, and who sees it in a list',
    async ({ octokit, anonymous }) => {
      const { data, status } = await octokit.repos.createRelease({
        ...bakery,
        tag_name: 'k3s-v1.2.3+k3s1',
        name: 'k3s v1.2.3+k3s1',
        body: 'notes',
        draft: true,
      });
      const { id, tag_name, name, body, draft, prerelease, published_at, target_commitish, assets } = data;
      const seen = async (who: Octokit): Promise<number> =>
        (await who.repos.listReleases(bakery)).data.length;
      return {
        fields: { status, tag_name, name, body, draft, prerelease, published_at, target_commitish, assets },
        isById: (await octokit.repos.getRelease({ ...bakery, release_id: id })).data.tag_name,
        seen: [await seen(octokit), await seen(anonymous)],
        // A template that Octokit fills.
        upload: new URL(data.upload_url).href.replace(/^.*\/repos/, '/repos').replace(String(id), 'ID'),
      };
    },
  ],
  [
    'publishing a draft, and what is found then',
    async ({ octokit, anonymous }) => {
      const draft = await octokit.repos.createRelease({ ...bakery, tag_name: 'v1', draft: true });
      const { data } = await octokit.repos.updateRelease({
        ...bakery,
        release_id: draft.data.id,
        draft: false,
      });
      const byTag = await anonymous.repos.getReleaseByTag({ ...bakery, tag: 'v1' });
      const latest = await anonymous.repos.getLatestRelease(bakery);
      const again = await failure(octokit.repos.createRelease({ ...bakery, tag_name: 'v1' }));
      return {
        draft: data.draft,
        isPublished: data.published_at !== null,
        isSame: [byTag.data.id, latest.data.id].every((id) => id === data.id),
        again: again.status,
      };
    },
  ],
  [
    'prereleases, which are never the latest',
    async ({ octokit }) => {
      await octokit.repos.createRelease({ ...bakery, tag_name: 'v1-rc1', prerelease: true });
      return failure(octokit.repos.getLatestRelease(bakery)).then(({ status }) => status);
    },
  ],
  [
    'pages of releases and their Link headers',
    async ({ octokit }) => {
      for (let number = 1; number <= 7; number += 1) {
        await octokit.repos.createRelease({ ...bakery, tag_name: `v${number}` });
      }
      const pages = await Promise.all(
        [1, 2, 3, 4].map((page) => octokit.repos.listReleases({ ...bakery, per_page: 3, page })),
      );
      const all = await octokit.paginate(octokit.repos.listReleases, { ...bakery, per_page: 2 });
      return {
        sizes: pages.map(({ data }) => data.length),
        links: pages.slice(0, 3).map(({ headers }) => relations(headers.link)),
        all: all.map(({ tag_name }) => tag_name).toSorted(),
      };
    },
  ],
  [
    'assets by name, size, type and state; renaming and deleting them',
    async ({ octokit }) => {
      const { data: release } = await octokit.repos.createRelease({ ...bakery, tag_name: 'v1', draft: true });
      for (const [name, data] of [
        ['k3s-v1.2.3+k3s1-x86-64.raw', 'image'],
        ['SHA256SUMS', 'sums\n'],
      ] as const) {
        await octokit.repos.uploadReleaseAsset({
          ...bakery,
          release_id: release.id,
          url: release.upload_url,
          name,
          data,
          headers: { 'content-type': 'application/octet-stream' },
        });
      }
      const list = async (): Promise<readonly unknown[]> => {
        const { data } = await octokit.repos.listReleaseAssets({ ...bakery, release_id: release.id });
        return data
          .map(({ name, size, state, content_type, label }) => ({ name, size, state, content_type, label }))
          .toSorted((one, other) => one.name.localeCompare(other.name));
      };
      const before = await list();
      const { data: shown } = await octokit.repos.getRelease({ ...bakery, release_id: release.id });
      const sums = shown.assets.find(({ name }) => name === 'SHA256SUMS');
      const asset_id = sums?.id ?? 0;
      await octokit.repos.updateReleaseAsset({ ...bakery, asset_id, name: 'SHA256SUMS.old' });
      const renamed = await list();
      await octokit.repos.deleteReleaseAsset({ ...bakery, asset_id });
      const gone = await failure(octokit.repos.getReleaseAsset({ ...bakery, asset_id }));
      return { before, renamed, after: await list(), gone: gone.status };
    },
  ],
  [
    'refs by prefix, by name, made twice, deleted',
    async ({ octokit }) => {
      const head = await octokit.git.getRef({ ...bakery, ref: 'heads/main' });
      const { sha, type } = head.data.object;
      for (const tag of ['k3s-v1', 'k3s-v2', 'k3sup-v1', 'api/v1']) {
        await octokit.git.createRef({ ...bakery, ref: `refs/tags/${tag}`, sha });
      }
      const matching = async (ref: string): Promise<readonly string[]> =>
        (await octokit.git.listMatchingRefs({ ...bakery, ref })).data.map((found) => found.ref);
      const found = [await matching('tags/k3s-'), await matching('tags/api/'), await matching('tags/none')];
      const twice = await failure(octokit.git.createRef({ ...bakery, ref: 'refs/tags/k3s-v1', sha }));
      await octokit.git.deleteRef({ ...bakery, ref: 'tags/k3s-v1' });
      const gone = await failure(octokit.git.getRef({ ...bakery, ref: 'tags/k3s-v1' }));
      return { type, found, left: await matching('tags/k3s-'), twice: twice.status, gone: gone.status };
    },
  ],
  [
    'what is not there, and who may not',
    async ({ octokit, anonymous }) => {
      const attempts = [
        octokit.repos.getRelease({ ...bakery, release_id: 999_999 }),
        octokit.repos.getReleaseByTag({ ...bakery, tag: 'none' }),
        octokit.repos.getLatestRelease(bakery),
        octokit.repos.deleteRelease({ ...bakery, release_id: 999_999 }),
        octokit.repos.get({ owner: 'baker', repo: 'none' }),
        anonymous.repos.createRelease({ ...bakery, tag_name: 'v1' }),
      ];
      return Promise.all(attempts.map(async (attempt) => (await failure(attempt)).status));
    },
  ],
];

describe('our fake and emulate agree on', () => {
  it.each(scenarios)('%s', async (_, scenario) => {
    const ours = await withFake(scenario);
    expect(ours).toEqual(await withEmulator(scenario));
  });
});

async function withFake(scenario: Scenario): Promise<unknown> {
  await using fake = await startFakeGithub();
  fake.addRepo('baker/bakery');
  const facts = await scenario({ octokit: octokitFor(fake), anonymous: octokitFor(fake, '') });
  expect(fake.violations()).toEqual([]);
  return facts;
}

async function withEmulator(scenario: Scenario): Promise<unknown> {
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { 'test-token': { login: 'baker', scopes: ['repo'] } },
      github: { users: [{ login: 'baker' }], repos: [{ owner: 'baker', name: 'bakery' }] },
    },
  });
  try {
    const at = { apiUrl: emulator.url };
    return await scenario({ octokit: octokitFor(at), anonymous: octokitFor(at, '') });
  } finally {
    await emulator.close();
  }
}

/** `next 2, last 3` for a Link header. */
function relations(link: string | undefined): readonly string[] {
  return (link ?? '')
    .split(', ')
    .map((part) => `${/rel="(\w+)"/.exec(part)?.[1]} ${/[?&]page=(\d+)/.exec(part)?.[1]}`)
    .toSorted();
}
