import { requireBudget } from '../../github/rate-budget.ts';
import type { NewRelease, Release } from '../store.ts';
import { fileContent } from './content.ts';
import { publishDraft, removeDrafts } from './publish-draft.ts';
import { releaseByTag } from './remote-release.ts';
import type { Remote } from './remote.ts';
import { checkRelease, checkSizes } from './rules.ts';

// An upload was seen to count as two requests: https://github.com/softprops/action-gh-release/issues/261
const requestsPerUpload = 2;
const requestsAround = 10; // look, draft, compare, publish, tidy up, and a retry or two

/** Publishes, or answers `exists`; what is public is never written to. */
export async function publish(remote: Remote, release: NewRelease): Promise<Release | 'exists'> {
  const { tag, title, notes } = release;
  checkRelease(
    tag,
    notes,
    release.files.map(({ name }) => name),
  );
  const contents = await Promise.all(release.files.map(({ name, path }) => fileContent(name, path)));
  checkSizes(tag, contents);
  const requests = contents.length * requestsPerUpload + requestsAround;
  await requireBudget(remote.client, requests, `release ${tag}`);
  const isThere = (await releaseByTag(remote, tag)) !== undefined;
  const published = isThere
    ? 'exists'
    : await publishDraft(remote, { tag, title, notes, newest: false }, contents);
  await removeDrafts(remote, tag);
  return published === 'exists'
    ? published
    : { tag, assets: contents.map(({ name, size, sha256 }) => ({ name, size, sha256 })) };
}
