import { requireBudget } from '../../github/rate-budget.ts';
import type { NewRelease, Release } from '../store.ts';
import { fileContent } from './content.ts';
import { estimatePublish, hourly } from './estimate.ts';
import { isChangeableNow, refuseImmutableSetting } from './immutability.ts';
import { publishDraft, tidyUp } from './publish-draft.ts';
import type { RemoteRelease } from './remote-release.ts';
import type { Remote } from './remote.ts';
import { checkLimits, checkSizes } from './rules.ts';
import { survey } from './survey.ts';
import { uploadAsset } from './upload-asset.ts';

const spare = 5; // a retry or two

/** Publishes, or answers `exists`; what is public is never written to. */
export async function publish(remote: Remote, release: NewRelease): Promise<Release | 'exists'> {
  const { tag, title, notes } = release;
  checkLimits(
    tag,
    notes,
    release.files.map(({ name }) => name),
  );
  const contents = await Promise.all(release.files.map(({ name, path }) => fileContent(name, path)));
  checkSizes(tag, contents);
  await requireBudget(remote.client, hourly(estimatePublish(contents.length)) + spare, `release ${tag}`);
  const { isPublished, drafts, newest, missing } = await survey(remote, tag, release.indexes);
  if (isPublished) {
    await tidyUp(remote, tag, drafts);
    return 'exists';
  }
  const [index] = missing;
  if (index !== undefined && !isChangeableNow(remote, newest)) await refuseImmutableSetting(remote, index);
  const upload = async (draft: RemoteRelease): Promise<void> => {
    for (const content of contents) await uploadAsset(remote, draft, content);
  };
  const published = await publishDraft(remote, { tag, title, notes, newest: false }, upload, drafts);
  return published === 'exists'
    ? published
    : { tag, assets: contents.map(({ name, size, sha256 }) => ({ name, size, sha256 })) };
}
