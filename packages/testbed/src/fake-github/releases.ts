import { z } from 'zod';
import { created, failed, invalid, noContent, notFound, ok, type Answer } from './answer.ts';
import type { RepoCall } from './call.ts';
import { paginated } from './pagination.ts';
import {
  latestRelease,
  makePublic,
  moveLatest,
  newestFirst,
  publishingErrors,
  resolveTarget,
  tagErrors,
} from './publish.ts';
import { releaseJson } from './release-json.ts';
import { publishedRelease, takeId, type Release } from './state.ts';

const maxBody = 125_000; // characters; GitHub refuses longer notes

const Fields = z.object({
  tag_name: z.string().optional(),
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().max(maxBody).nullish(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  make_latest: z.enum(['true', 'false', 'legacy']).optional(),
});

/** Newest first; who cannot push sees no drafts. */
export function listReleases(call: RepoCall): Answer {
  const { repo, world, canPush } = call;
  const visible = repo.releases.values().filter((release) => canPush || !release.draft);
  const toJson = (release: Release): unknown => releaseJson(world.urls, repo, release);
  return paginated(call, visible.toArray().toSorted(newestFirst), toJson, world.sizes.listedReleases);
}

export function getRelease(call: RepoCall): Answer {
  return shown(call, visibleRelease(call));
}

/** Drafts are not found by tag, not even by who made them. */
export function getReleaseByTag(call: RepoCall): Answer {
  return shown(call, publishedRelease(call.repo, call.params['tag'] ?? ''));
}

export function getLatestRelease(call: RepoCall): Answer {
  return shown(call, latestRelease(call.repo));
}

export function createRelease(call: RepoCall): Answer {
  const { repo, world } = call;
  const parsed = Fields.safeParse(call.body);
  if (!parsed.success) {
    return bodyTooLong;
  }
  const fields = parsed.data;
  const now = world.clock();
  const release: Release = {
    id: takeId(world.state),
    tag: fields.tag_name ?? '',
    target: fields.target_commitish ?? repo.defaultBranch,
    name: fields.name ?? null,
    body: fields.body ?? null,
    draft: true,
    prerelease: fields.prerelease ?? false,
    immutable: false,
    createdAt: now,
    updatedAt: now,
    publishedAt: undefined,
    assets: [],
  };
  const isDraft = fields.draft ?? false;
  const errors = isDraft ? tagErrors(repo, release.tag) : publishingErrors(repo, release);
  if (errors.length > 0) {
    return invalid(...errors);
  }
  if (!repo.tags.has(release.tag) && resolveTarget(repo, release.target) === undefined) {
    return unknownTarget;
  }
  repo.releases.set(release.id, release);
  if (!isDraft) {
    makePublic(repo, release, fields.make_latest ?? 'true', now);
  }
  const json = releaseJson(world.urls, repo, release);
  return created(json, `${world.urls.apiUrl}/repos/${repo.fullName}/releases/${release.id}`);
}

export function updateRelease(call: RepoCall): Answer {
  const { repo, world } = call;
  const release = visibleRelease(call);
  if (release === undefined) {
    return notFound;
  }
  const parsed = Fields.safeParse(call.body);
  if (!parsed.success) {
    return bodyTooLong;
  }
  const fields = parsed.data;
  const tag = fields.tag_name ?? release.tag;
  const target = fields.target_commitish ?? release.target;
  const isPublishing = release.draft && fields.draft === false;
  if (release.immutable && (tag !== release.tag || target !== release.target || fields.draft === true)) {
    return failed(422, 'Cannot change the tag of an immutable release.');
  }
  const staysDraft = release.draft && !isPublishing;
  const errors = staysDraft ? tagErrors(repo, tag) : publishingErrors(repo, { id: release.id, tag });
  if (errors.length > 0) {
    return invalid(...errors);
  }
  if (!repo.tags.has(tag) && resolveTarget(repo, target) === undefined) {
    return unknownTarget;
  }
  Object.assign(release, {
    tag,
    target,
    name: fields.name === undefined ? release.name : fields.name,
    body: fields.body === undefined ? release.body : fields.body,
    prerelease: fields.prerelease ?? release.prerelease,
    draft: fields.draft === true || release.draft,
    publishedAt: fields.draft === true ? undefined : release.publishedAt,
    updatedAt: world.clock(),
  });
  if (isPublishing) {
    // `true` unless said otherwise: https://github.com/softprops/action-gh-release/pull/715
    makePublic(repo, release, fields.make_latest ?? 'true', world.clock());
  } else if (fields.make_latest !== undefined) {
    moveLatest(repo, release, fields.make_latest);
  }
  return ok(releaseJson(world.urls, repo, release));
}

/** Leaves the tag in place. The tag name of an immutable release can never be used again. */
export function deleteRelease(call: RepoCall): Answer {
  const release = visibleRelease(call);
  if (release === undefined) {
    return notFound;
  }
  call.repo.releases.delete(release.id);
  if (release.immutable) {
    call.repo.burntTags.add(release.tag);
  }
  return noContent;
}

/** The release a route names by id, unless it is a draft and the caller cannot push. */
export function visibleRelease(call: RepoCall): Release | undefined {
  const release = call.repo.releases.get(Number(call.params['release_id']));
  return release?.draft === true && !call.canPush ? undefined : release;
}

const unknownTarget = invalid({ resource: 'Release', code: 'invalid', field: 'target_commitish' });
const bodyTooLong = invalid({
  resource: 'Release',
  code: 'custom',
  field: 'body',
  message: `body is too long (maximum is ${maxBody} characters)`,
});

function shown(call: RepoCall, release: Release | undefined): Answer {
  return release === undefined ? notFound : ok(releaseJson(call.world.urls, call.repo, release));
}
