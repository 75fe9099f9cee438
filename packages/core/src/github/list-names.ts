import type { Sleep } from '../fetch/backoff.ts';
import { mirrored, type Mirrors } from '../fetch/mirrors.ts';
import type { GithubClient } from './client.ts';
import { GraphqlError } from './graphql.ts';
import { queryNamePages, type ListedName, type NamePage, type NameQuestion } from './name-pages.ts';
import { explained, isUncertain } from './refusal.ts';

/**
 * Everything a repository (`OWNER/NAME`) releases or tags, drafts left out, in no order; undefined where GraphQL
 * cannot tell, so that REST has to be asked, which also says why.
 */
export type ListNames = (
  kind: NameQuestion['kind'],
  repo: string,
) => Promise<readonly ListedName[] | undefined>;

export interface ListNamesOptions {
  /** What is fetched from a mirror is asked by REST: mirrors stand for addresses, GraphQL has only one. */
  readonly mirrors: Mirrors;
  readonly sleep: Sleep;
}

interface PendingQuestion extends NameQuestion {
  /** Of the pages before. */
  readonly names: readonly ListedName[];
  readonly page: number;
  answer(names: readonly ListedName[] | undefined): void;
  refuse(reason: unknown): void;
}

const perQuery = 25; // 2,500 names; GitHub ends what takes it over ten seconds
const quietMs = 20; // reading the next recipe takes less
const maxPages = 200; // as for other lists

/**
 * Lists the names of many projects in few requests: those asked for while a request is under way share the next
 * one, further pages included. All pages are read, since a backport is not among the newest. Undefined without a
 * token, which GraphQL wants.
 */
export function listNames(client: GithubClient, { mirrors, sleep }: ListNamesOptions): ListNames | undefined {
  const { token, apiUrl } = client.config;
  if (token === undefined) return undefined;
  const waiting: PendingQuestion[] = [];
  let atOnce = perQuery;
  let isBusy = false;

  return (kind, repo) => {
    const url = `${apiUrl}/repos/${repo}/${kind}`;
    if (mirrored(url, mirrors) !== url) return Promise.resolve(undefined);
    return new Promise((answer, refuse) => {
      waiting.push({ kind, repo, after: null, names: [], page: 1, answer, refuse });
      if (!isBusy) void work(); // never rejects: what fails is told to those who asked
    });
  };

  async function work(): Promise<void> {
    isBusy = true;
    for (let before = 0; before < waiting.length;) {
      before = waiting.length;
      await sleep(quietMs);
    }
    while (waiting.length > 0) await ask(waiting.splice(0, atOnce));
    isBusy = false;
  }

  async function ask(batch: readonly PendingQuestion[]): Promise<void> {
    const isOne = batch.length === 1;
    try {
      const pages = await queryNamePages(client, batch, isOne ? {} : { retries: 0 });
      for (const asked of batch) goOn(asked, pages.get(asked));
    } catch (error) {
      if (!isForRest(error)) {
        const reason = await reasonOf(error);
        for (const asked of batch) asked.refuse(reason);
      } else if (isOne) {
        // If not even one can be answered, the others need not try.
        for (const asked of [...batch, ...waiting.splice(0)]) asked.answer(undefined);
      } else {
        // A query that takes GitHub over ten seconds ends in a 502: ask for less at a time.
        atOnce = Math.ceil(batch.length / 4);
        for (const asked of batch.toReversed()) waiting.unshift(asked);
      }
    }
  }

  function goOn(asked: PendingQuestion, page: NamePage | undefined): void {
    const names = [...asked.names, ...(page?.names ?? [])];
    if (page === undefined || asked.page > maxPages) asked.answer(undefined);
    else if (page.next === undefined) asked.answer(names);
    else waiting.push({ ...asked, names, page: asked.page + 1, after: page.next });
  }
}

function isForRest(error: unknown): boolean {
  return error instanceof GraphqlError || isUncertain(error);
}

/** Limits are those of all of GitHub, so asking by REST as well would be no help. */
async function reasonOf(error: unknown): Promise<unknown> {
  try {
    return await explained('versions of projects on GitHub', () => {
      throw error;
    });
  } catch (reason) {
    return reason;
  }
}
