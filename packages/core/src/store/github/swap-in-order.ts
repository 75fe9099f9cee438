import { isTaken, isUncertain } from '../../github/refusal.ts';
import { renameAsset } from './assets.ts';
import type { Remote } from './remote.ts';
import { newName, oldName } from './swap-names.ts';

/** A file that waits beside the one whose name it is to have. */
export interface Waiting {
  readonly name: string;
  readonly id: number;
  /** Id of what has the name until then; undefined when the name is free. */
  readonly old: number | undefined;
}

/**
 * Gives each file its name, one directly after the other: a name is missing between two requests that follow each
 * other without a pause, and a manifest is without its own signature for two more. Only before the first is there
 * time. What fails is taken back, the last first; `swapId` marks the names of both files meanwhile, so that the next
 * run can go on where this one is killed.
 */
export async function swapInOrder(remote: Remote, swapId: string, files: readonly Waiting[]): Promise<void> {
  const done: Waiting[] = [];
  for (const [n, file] of files.entries()) {
    try {
      if (file.old !== undefined) {
        const away = oldName(file.name, swapId);
        await (n === 0 ? renameAsset(remote, file.old, away) : renameNow(remote, file.old, away));
      }
    } catch (error) {
      await takeBack(remote, swapId, done);
      throw error;
    }
    try {
      await renameNow(remote, file.id, file.name);
    } catch (error) {
      if (isTaken(error)) throw error; // by another run, whose file it is now
      const isBack = await putBack(remote, file);
      if (isBack === 'is in place') continue;
      await takeBack(remote, swapId, done);
      throw error;
    } finally {
      done.push(file);
    }
  }
}

const attempts = 3; // at once: every second counts now, and an answer may just be lost

async function renameNow(remote: Remote, id: number, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await renameAsset(remote, id, name, true);
    } catch (error) {
      if (!isUncertain(error) || attempt === attempts) throw error;
    }
  }
}

/** Undoes the first half of an exchange, unless it turns out to be whole. */
async function putBack(remote: Remote, { name, old }: Waiting): Promise<'is back' | 'is in place'> {
  if (old === undefined) return 'is back';
  try {
    await renameNow(remote, old, name);
    return 'is back';
  } catch (error) {
    if (isTaken(error)) return 'is in place';
    remote.report.warn(`${name}: is missing until the next run, which puts it back before all else`);
    return 'is back';
  }
}

/** Undoes whole exchanges, so that no manifest stays with the signature of another. */
async function takeBack(remote: Remote, swapId: string, done: readonly Waiting[]): Promise<void> {
  for (const file of done.toReversed()) {
    try {
      await renameNow(remote, file.id, newName(file.name, swapId));
      await putBack(remote, file);
    } catch {
      return; // The first failure is the one to tell about; the next run finds both files.
    }
  }
}
