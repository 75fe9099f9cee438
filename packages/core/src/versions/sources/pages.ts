import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { readBytes } from '../../fetch/read-bytes.ts';
import { parseJson } from '../../language/foreign-data.ts';
import type { Http, HttpAnswer } from '../../ports/http.ts';
import { requireFew } from './name-limits.ts';

export interface PagedList<T> {
  /** Address of the first page. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly item: z.ZodType<T>;
  /** What is listed, for errors: `tags of acassen/keepalived`. */
  readonly subject: string;
}

// 100 items each; more than the 1,000 releases and most of the tags anybody has.
const maxPages = 200;

// Bytes. A page of 100 GitHub releases with 100 assets each is about 15 MB.
const maxPage = 64 * 1024 * 1024;

/** All items of a JSON list that goes on in `Link: rel="next"` or `X-Next-Page`. */
export async function listPages<T>(http: Http, { url, headers, item, subject }: PagedList<T>): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined = url;
  for (let page = 1; next !== undefined; page += 1) {
    if (page > maxPages)
      throw new UserError(
        'version.listing',
        `${url}: expected at most ${maxPages} pages of ${subject}, got more`,
      );
    const answer = await http.get(next, headers === undefined ? {} : { headers });
    if (answer.status === 404 || answer.status === 410) {
      await answer.body.cancel();
      throw new UserError(
        'version.listing',
        `${next}: expected the ${subject}, got ${answer.status}: it does not exist or is private`,
      );
    }
    const text = (await readBytes(next, answer, maxPage)).toString('utf8');
    // Not push(...page): a page of a million items is more than a call may have arguments.
    for (const each of parsePage(text, item, next, subject)) items.push(each);
    requireFew(items.length, subject, url);
    next = nextPage(next, answer, subject);
  }
  return items;
}

function parsePage<T>(text: string, item: z.ZodType<T>, url: string, subject: string): T[] {
  let data: unknown;
  try {
    data = parseJson(text);
  } catch (cause) {
    throw new UserError(
      'version.listing',
      `${url}: expected the ${subject} as JSON, got ${JSON.stringify(text.slice(0, 60))}`,
      {
        cause,
      },
    );
  }
  const parsed = z.array(item).safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    'version.listing',
    `${url}: expected the ${subject}: at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** RFC 8288 links first; GitLab leaves them out of huge lists and keeps its own header. */
function nextPage(current: string, { headers, url: at }: HttpAnswer, subject: string): string | undefined {
  for (const [, target, parameters] of (headers.get('link') ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (target !== undefined && /;\s*rel="?(?:[^"]*\s)?next[\s";,]?/i.test(`${parameters ?? ''};`)) {
      return requireOwn(target, [current, at], subject);
    }
  }
  const number = headers.get('x-next-page') ?? '';
  if (number === '') return undefined;
  const url = new URL(current);
  url.searchParams.set('page', number);
  return url.href;
}

/** A list goes on where it began: by a link nobody is sent to another host. */
function requireOwn(target: string, pages: readonly [string, string], subject: string): string {
  const next = URL.parse(target, pages[0]);
  if (next !== null && pages.some((page) => new URL(page).origin === next.origin)) return next.href;
  throw new UserError(
    'version.listing',
    `${pages[0]}: expected a link to the next page of ${subject} on the same host, got ${JSON.stringify(target)}`,
  );
}
