import type { Room } from '../../github/rate-budget.ts';

/** Requests to GitHub’s API, by what they count as. Downloads and GET /rate_limit cost nothing. */
export interface Cost {
  /** Of GraphQL, which has a budget of its own. */
  readonly queries: number;
  readonly reads: number;
  readonly uploads: number;
  /** What changes something, uploads and deletions left out. */
  readonly changes: number;
  readonly deletions: number;
}

/** What is to be done to the assets of a metadata release. */
export interface IndexWork {
  readonly isNew: boolean;
  /** Whether it is the one shown as the newest. */
  readonly isNewest: boolean;
  /** Files whose names are free. */
  readonly added: number;
  /** Files that take the place of others. */
  readonly replaced: number;
  readonly removed: number;
  readonly isTextOld: boolean;
}

/** One that is to be made. */
export const newIndex = { isNew: true, replaced: 0, removed: 0, isTextOld: false } as const;

// An upload was seen to count as two requests: https://github.com/softprops/action-gh-release/issues/261
const requestsPerUpload = 2;

/** A look, the draft, the files, and making it public. */
export function estimatePublish(files: number): Cost {
  return { queries: 1, reads: 0, uploads: files, changes: 2, deletions: 0 };
}

/** Of an index alone; what its plan asks the store is not in it. */
export function estimateIndex(work: IndexWork): Cost {
  const { isNew, isNewest, added, replaced, removed, isTextOld } = work;
  if (isNew) {
    // A look at the release, and whether it could be changed later.
    return { ...estimatePublish(added), reads: 3 };
  }
  return {
    queries: 0,
    reads: isNewest ? 2 : 1,
    uploads: added + replaced,
    changes: 2 * replaced + (isTextOld ? 1 : 0),
    deletions: replaced + removed,
  };
}

/** What it takes of the requests a token has in an hour. */
export function hourly({ reads, uploads, changes, deletions }: Cost): number {
  return reads + uploads * requestsPerUpload + changes + deletions;
}

/** What it takes of the changes GitHub lets anybody make in an hour; deletions are not among them. */
export function creations({ uploads, changes }: Cost): number {
  return uploads + changes;
}

export const spare = 20; // requests, for retries and for jobs that run meanwhile

export function fits(cost: Cost, room: Room): boolean {
  return hourly(cost) + spare <= room.requests && creations(cost) <= room.creations;
}

/** How many uploads fit when not everything does. */
export function uploadsWithin(room: Room): number {
  const byHour = Math.floor((room.requests - spare) / requestsPerUpload);
  return Math.max(0, Math.min(byHour, room.creations - spare));
}
