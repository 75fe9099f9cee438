import { UserError } from '../../diagnostics/user-error.ts';
import { isGone, isTaken, isUncertain, textOf } from '../../github/refusal.ts';
import {
  changeRelease,
  createDraft,
  deleteRelease,
  releaseById,
  releaseByTag,
  type Change,
  type RemoteRelease,
} from './remote-release.ts';
import { pause, type Remote } from './remote.ts';
import { draftsOf } from './survey.ts';

/**
 * Makes a release in the only order that shows it whole or not at all: draft, assets, each of them compared with what
 * was sent, publish. Every run works on a draft of its own, never on one it finds: that may belong to a run still at
 * work. GitHub lets one of them take the tag; the others answer `exists`. Returns the published release otherwise.
 */
export async function publishDraft(
  remote: Remote,
  change: Change,
  upload: (draft: RemoteRelease) => Promise<void>,
  leftovers: readonly number[],
): Promise<RemoteRelease | 'exists'> {
  const { draft, mayHaveTwin } = await newDraft(remote, change);
  try {
    await upload(draft);
  } catch (error) {
    await dropDraft(remote, draft.id);
    if (isGone(error) && (await isPublished(remote, change.tag))) return 'exists'; // and its run removed our draft
    throw error;
  }
  const published = await makePublic(remote, draft.id, change);
  await tidyUp(remote, change.tag, leftovers, mayHaveTwin);
  return published;
}

/** Removes what killed or slower runs left of a release that is public now. Nobody else sees drafts. */
export async function tidyUp(
  remote: Remote,
  tag: string,
  leftovers: readonly number[],
  mayHaveTwin = false,
): Promise<void> {
  try {
    const drafts = mayHaveTwin ? await draftsOf(remote, tag) : leftovers;
    for (const id of drafts) await deleteRelease(remote, id);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    remote.report.warn(`release ${tag}: published, but a draft of it remains for now: ${why}`);
  }
}

const maxDrafts = 3;

interface NewDraft {
  readonly draft: RemoteRelease;
  /** One whose answer got lost may be there as well. */
  readonly mayHaveTwin: boolean;
}

async function newDraft(remote: Remote, change: Change): Promise<NewDraft> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { draft: await createDraft(remote, change), mayHaveTwin: attempt > 1 };
    } catch (error) {
      if (!isUncertain(error) || attempt === maxDrafts) throw error;
      await pause(remote, attempt);
    }
  }
}

const maxLooks = 4; // with the pauses about 8 s: by tag GitHub is seconds behind, not minutes

/** The public release, or `exists` when the tag has another one. */
async function makePublic(remote: Remote, id: number, change: Change): Promise<RemoteRelease | 'exists'> {
  try {
    return await changeRelease(remote, id, change);
  } catch (error) {
    if (isUncertain(error)) {
      const now = await releaseById(remote, id);
      if (now?.isDraft === false) return now;
      throw error; // What may be public after all is not deleted.
    }
    if (isGone(error) && (await isPublished(remote, change.tag))) return 'exists';
    await dropDraft(remote, id);
    if (isTaken(error) && /tag_name/.test(textOf(error))) return 'exists';
    if (/immutable release/.test(textOf(error))) throw burnt(change.tag, error);
    throw error;
  }
}

/** The failure before is the one to tell about. */
function dropDraft(remote: Remote, id: number): Promise<void> {
  return deleteRelease(remote, id).catch(() => undefined);
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
  return new UserError(
    'store.immutable',
    `release ${tag}: the tag was used by an immutable release that is deleted`,
    {
      cause,
      hint,
    },
  );
}
