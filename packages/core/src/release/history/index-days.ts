import pLimit from 'p-limit';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import type { Store } from '../../store/store.ts';
import { daysOfNotice } from '../../sysupdate/best-before.ts';
import { bestBeforeIn } from '../../sysupdate/manifest.ts';
import { publishedExtensions } from './published-versions.ts';

/** The day from which hosts refuse an index, `YYYY-MM-DD`. */
export interface IndexDay {
  readonly tag: string;
  readonly day: string;
}

const readsAtOnce = 8; // of small files

/** Of all indexes of a store, the first to end first; none where that of everything names no day. */
export async function indexDays(store: Store, names: readonly string[]): Promise<readonly IndexDay[]> {
  const dayOf = async (tag: string): Promise<readonly IndexDay[]> => {
    const day = bestBeforeIn((await store.read(tag, manifestName)) ?? '');
    return day === undefined ? [] : [{ tag, day }];
  };
  const everything = await dayOf(globalTag);
  if (everything.length === 0) return [];
  const limit = pLimit(readsAtOnce);
  const extensions = await publishedExtensions({ store, names });
  const found = await Promise.all(extensions.map((name) => limit(() => dayOf(name))));
  return [...found.flat(), ...everything].toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

/** What to say when a run should have renewed an index and did not. `now` is in milliseconds since 1970. */
export function warnOfDays(days: readonly IndexDay[], now: number): string | undefined {
  const [today, soon] = [now, now + daysOfNotice * 86_400_000].map((time) =>
    new Date(time).toISOString().slice(0, 10),
  );
  const late = days.filter(({ day }) => day < (soon ?? ''));
  const [first, ...others] = late;
  if (first === undefined) return undefined;
  const which = first.tag === globalTag ? 'that of everything' : `that of ${first.tag}`;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const when = first.day <= (today ?? '') ? `since ${first.day}` : `from ${first.day} on`;
  return `hosts with systemd 260 and newer refuse indexes that no run renewed, ${which}${more} ${when}: bakery metadata --all renews them, and find out why no run did`;
}
