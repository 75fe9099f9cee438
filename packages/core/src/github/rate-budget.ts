import { GithubBusy } from './busy.ts';
import type { GithubClient } from './client.ts';
import { isGone } from './refusal.ts';

/** What GitHub still takes from us for now. */
export interface Room {
  /** Requests of this hour: a GITHUB_TOKEN has 1,000 for all jobs of its repository. */
  readonly requests: number;
  /** Uploads, renames and other changes, deletions left out, as far as this process knows. */
  readonly creations: number;
  /** When there is more; milliseconds since 1970. */
  readonly until: number | undefined;
}

/** Asking costs nothing. */
export async function roomLeft(client: GithubClient): Promise<Room> {
  const creations = client.creationsLeft();
  const core = await remaining(client);
  if (core === undefined) return { requests: Infinity, creations, until: undefined };
  return { requests: core.remaining, creations, until: core.reset * 1000 };
}

/** Rejects with GithubBusy unless `requests` more are allowed within this hour. */
export async function requireBudget(client: GithubClient, requests: number, subject: string): Promise<void> {
  const left = await roomLeft(client);
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
