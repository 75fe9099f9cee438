import { failed, ok, type Answer } from './answer.ts';
import type { Call } from './call.ts';

const defaultPerPage = 30;
const maxPerPage = 100;

/**
 * One page of `items` with the Link header. `reach` is how many results the listing goes up to; as on
 * GitHub the Link header does not know of it, so that who follows `next` runs into the 422.
 */
export function paginated<T>(
  call: Call,
  items: readonly T[],
  toJson: (item: T) => unknown,
  reach = Number.POSITIVE_INFINITY,
): Answer {
  const perPage = Math.min(positive(call.query.get('per_page')) ?? defaultPerPage, maxPerPage);
  const page = positive(call.query.get('page')) ?? 1;
  // https://github.com/iree-org/iree/pull/16506
  if ((page - 1) * perPage >= reach) {
    return failed(422, `Only the first ${reach} results are available.`);
  }
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = linkHeader(call, page, last);
  const json = items.slice((page - 1) * perPage, page * perPage).map(toJson);
  return ok(json, link === '' ? {} : { link });
}

function positive(text: string | null): number | undefined {
  const number = Number(text ?? Number.NaN);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

function linkHeader(call: Call, page: number, last: number): string {
  const links: readonly (readonly [string, number, boolean])[] = [
    ['prev', page - 1, page > 1],
    ['next', page + 1, page < last],
    ['last', last, page < last],
    ['first', 1, page > 1],
  ];
  return links
    .filter(([, , applies]) => applies)
    .map(([rel, number]) => `<${pageUrl(call, number)}>; rel="${rel}"`)
    .join(', ');
}

function pageUrl(call: Call, page: number): string {
  const url = new URL(call.url);
  url.searchParams.set('page', String(page));
  return url.href;
}
