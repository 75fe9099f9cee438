import { UserError } from '../../diagnostics/user-error.ts';
import { isGone, isTaken, isUncertain, textOf } from '../../github/refusal.ts';
import { listAssets } from './assets.ts';
import { holds, type Content } from './content.ts';
import {
  changeRelease,
  createDraft,
  deleteDraft,
  newestReleases,
  releaseById,
  releaseByTag,
  type Change,
  type RemoteRelease,
} from './remote-release.ts';
import { pause, type Remote } from './remote.ts';
import { uploadAsset } from './upload-asset.ts';

/**
 * Makes a release in the only order that shows it whole or not at all: draft, assets, comparison, publish.
 * Every run works on a draft of its own, never on one it finds: that may belong to a run still at work,
 * and the last comparison would prove nothing. GitHub lets one of them take the tag; the others answer
 * `exists`. Returns the published release otherwise.
 */
export async function publishDraft(
  remote: Remote,
  change: Change,
  contents: readonly Content[],
): Promise<RemoteRelease | 'exists'> {
  const draft = await newDraft(remote, change);
  try {
    for (const content of contents) await uploadAsset(remote, draft, content);
    await compare(remote, draft, contents);
    return (await makePublic(remote, draft.id, change)) ?? 'exists';
  } catch (error) {
    if (isGone(error) && (await isPublished(remote, change.tag))) return 'exists'; // and its run removed our draft
    await deleteDraft(remote, draft.id).catch(() => undefined); // The first failure is the one to tell about.
    throw error;
  }
}

/**
 * Removes what killed or slower runs left of a release that is public now. Drafts are listed first, so
 * one page shows all of the last runs; it is a matter of tidiness only, since nobody else sees drafts.
 */
export async function removeDrafts(remote: Remote, tag: string): Promise<void> {
  for (const release of await newestReleases(remote)) {
    if (release.isDraft && release.tag === tag) await deleteDraft(remote, release.id);
  }
}

const maxDrafts = 3;

/** One whose answer got lost is never found again, so another is made; `removeDrafts` takes the first away. */
async function newDraft(remote: Remote, change: Change): Promise<RemoteRelease> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createDraft(remote, change);
    } catch (error) {
      if (!isUncertain(error) || attempt === maxDrafts) throw error;
      await pause(remote, attempt);
    }
  }
}

const maxLooks = 4; // with the pauses about 8 s: by tag GitHub is seconds behind, not minutes

async function compare(remote: Remote, draft: RemoteRelease, contents: readonly Content[]): Promise<void> {
  for (let look = 1; ; look++) {
    const assets = await listAssets(remote, draft.id);
    const wrong = contents.find(
      (content) => !assets.some((asset) => asset.name === content.name && holds(asset, content)),
    );
    if (wrong === undefined && assets.length === contents.length) return;
    if (look === maxLooks) {
      const what = wrong === undefined ? `${assets.length} files` : `other bytes as ${wrong.name}`;
      const expected = `expected the ${contents.length} files that were uploaded`;
      throw new UserError(`release ${draft.tag}: ${expected}, got ${what}`, { hint: 'run again' });
    }
    await pause(remote, look);
  }
}

/** The public release, or undefined when the tag has another one. */
async function makePublic(remote: Remote, id: number, change: Change): Promise<RemoteRelease | undefined> {
  try {
    return await changeRelease(remote, id, change);
  } catch (error) {
    const now = await releaseById(remote, id); // The answer may be lost and the deed done.
    if (now !== undefined && !now.isDraft) return now;
    if (isTaken(error) && /tag_name/.test(textOf(error))) {
      await deleteDraft(remote, id);
      return undefined;
    }
    if (/immutable release/.test(textOf(error))) throw burnt(change.tag, error);
    throw error;
  }
}

async function isPublished(remote: Remote, tag: string): Promise<boolean> {
  for (let look = 1; look <= maxLooks; look++) {
    if ((await releaseByTag(remote, tag)) !== undefined) return true;
    await pause(remote, look);
  }
  return false;
}

function burnt(tag: string, cause: unknown): UserError {
  const hint = 'GitHub never gives such a name back; publish under another version or in another repository';
  return new UserError(`release ${tag}: the tag was used by an immutable release that is deleted`, {
    cause,
    hint,
  });
}
