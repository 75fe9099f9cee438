import type { Sleep } from '../../fetch/backoff.ts';
import { backoffMs } from '../../fetch/backoff.ts';
import type { GithubClient } from '../../github/client.ts';
import type { Http } from '../../ports/http.ts';
import type { Report } from '../../ports/report.ts';

/** The repository that is the store, and what is needed to talk to it. */
export interface Remote {
  readonly client: GithubClient;
  readonly owner: string;
  readonly repo: string;
  /** For downloads, which cost no API requests. */
  readonly http: Http;
  readonly report: Report;
  readonly sleep: Sleep;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Folder for files on their way from one release to another. */
  readonly scratch: string;
}

export function isAnonymous(remote: Remote): boolean {
  return remote.client.config.token === undefined;
}

/** A pause before attempt `attempt` + 1, long enough for GitHub’s replicas to catch up. */
export async function pause(remote: Remote, attempt: number): Promise<void> {
  await remote.sleep(backoffMs(attempt + 1, remote.random));
}

/** For requests that must not be sent twice without looking first. */
export const sentOnce = { request: { retries: 0 } };
