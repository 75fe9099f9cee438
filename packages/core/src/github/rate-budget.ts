import type { GithubClient } from './client.ts';
import { OutOfBudget } from './out-of-budget.ts';
import { isGone } from './refusal.ts';

/**
 * Rejects with OutOfBudget unless `requests` more are allowed within this hour. A GITHUB_TOKEN has 1,000 an
 * hour for all jobs of its repository; asking costs nothing.
 */
export async function requireBudget(client: GithubClient, requests: number, subject: string): Promise<void> {
  const core = await remaining(client);
  if (core === undefined || core.remaining >= requests) return;
  const left = `${core.remaining} of ${core.limit}`;
  throw new OutOfBudget(
    `${subject}: expected ${requests} requests to GitHub to be left this hour, got ${left}`,
    core.reset,
  );
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
