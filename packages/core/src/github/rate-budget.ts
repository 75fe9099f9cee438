import { clock, GithubBusy } from './busy.ts';
import type { GithubClient } from './client.ts';
import { isGone } from './refusal.ts';

/** What GitHub still takes from us for now. */
export interface Room {
  /** Requests of this hour: a GITHUB_TOKEN has 1,000 for all jobs of its repository. */
  readonly requests: number;
  /** Requests of a whole hour. */
  readonly hourly: number;
  /** Uploads, renames and other changes, deletions left out, as far as this process knows. */
  readonly creations: number;
  /** When there is more; milliseconds since 1970. */
  readonly until: number | undefined;
}

/** Asking costs nothing. */
export async function roomLeft(client: GithubClient): Promise<Room> {
  const creations = client.creationsLeft();
  const core = await remaining(client);
  if (core === undefined) return { requests: Infinity, hourly: Infinity, creations, until: undefined };
  return { requests: core.remaining, hourly: core.limit, creations, until: core.reset * 1000 };
}

/**
 * What is left when that is enough, or else after the next hour has begun, where that is worth waiting for and not
 * too far away; and after one more, where somebody else used that up. `subject` begins what is said meanwhile.
 */
export async function roomFor(
  client: GithubClient,
  subject: string,
  isEnough: (room: Room) => boolean,
): Promise<Room> {
  for (;;) {
    const room = await roomLeft(client);
    const { requests, hourly, until } = room;
    if (until === undefined || isEnough(room) || !isEnough({ ...room, requests: hourly })) return room;
    const what = `${subject}: ${requests} requests are left until ${clock(until)}, and it takes more`;
    if (!(await client.waitUntil(until + 1000, what))) return room;
  }
}

/** Waits for the next hour where there is not enough left of this one; rejects with GithubBusy where that is too long. */
export async function requireBudget(client: GithubClient, requests: number, subject: string): Promise<void> {
  const left = await roomFor(client, subject, (room) => room.requests >= requests);
  if (left.requests >= requests) return;
  const detail = `${left.requests} requests are left, this takes ${requests}`;
  throw new GithubBusy({ kind: 'hourly', until: left.until }, { subject, detail });
}

async function remaining(client: GithubClient) {
  try {
    const { data } = await client.octokit.rest.rateLimit.get();
    return data.resources.core;
  } catch (error) {
    if (isGone(error)) return undefined; // An Enterprise Server without rate limits has no such page.
    throw error;
  }
}
