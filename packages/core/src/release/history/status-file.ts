import { z } from 'zod';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import type { Replaced, Store } from '../../store/store.ts';

/** Tag of the release that remembers, from run to run, what fails. It is there from the first failure on. */
const statusTag = 'bakery-status';
export const statusFile = 'status.json';

const Failing = z.object({
  version: z.string(),
  /** When a run failed for the first time since the last success; ISO 8601. */
  since: z.iso.datetime(),
  why: z.string(),
  /** An older version stands in for it, so nothing is red. */
  leftOut: z.literal(true).optional(),
});
export type Failing = z.infer<typeof Failing>;

/** `status.json`: extensions that fail, by name. It only grows. */
const Status = z.object({ status: z.literal(1), failing: z.record(z.string(), Failing) });
export type Status = z.infer<typeof Status>;

/** What became of extensions in a run. One that is named nowhere was not looked at. */
export interface Outcome {
  readonly failed: readonly Trouble[];
  /** Newer than what is published in their place: no failure, and not well either. */
  readonly leftOut?: readonly Trouble[];
  /** Looked at; those that failed or wait may be among them. */
  readonly looked: readonly string[];
  /** What the release list names, where there is one: nobody remembers what is no longer wanted. */
  readonly listed?: ReadonlySet<string>;
  /** For a later run: neither failed nor well. */
  readonly waiting: readonly { readonly extension: string }[];
}

interface Trouble {
  readonly extension: string;
  readonly version: string;
  readonly why: string;
}

const maxWhy = 4000; // characters: enough for every error there is, too few to matter

/** Nothing fails where nobody remembers, or what is remembered cannot be read: the next run remembers anew. */
export async function readStatus(store: Store): Promise<Status> {
  const text = (await store.read(statusTag, statusFile)) ?? '';
  return Status.safeParse(jsonOrNothing(text)).data ?? { status: 1, failing: {} };
}

/**
 * Who fails now, and since when; `now` is in milliseconds since 1970. It changes only where something begins or ends to
 * fail, or for another reason, so that nights alike write nothing.
 */
export function nextStatus(
  { failing }: Status,
  { failed, leftOut = [], looked, waiting, listed }: Outcome,
  now: number,
): Status {
  const open = new Set(waiting.map(({ extension }) => extension));
  const well = new Set(looked.filter((name) => !open.has(name)));
  const kept = Object.entries(failing).filter(
    ([name]) => !well.has(name) && (listed === undefined || listed.has(name)),
  );
  const red = new Set(failed.map(({ extension }) => extension));
  const mild = leftOut.filter(({ extension }) => !red.has(extension));
  const today = [...Map.groupBy([...failed, ...mild], ({ extension }) => extension)].map(
    ([name, ones]): [string, Failing] => {
      const [first] = ones;
      return [
        name,
        {
          version: [...new Set(ones.map(({ version }) => version))].join(', '),
          since: failing[name]?.since ?? new Date(now).toISOString(),
          why: (first?.why ?? '').slice(0, maxWhy),
          ...(red.has(name) ? {} : { leftOut: true }),
        },
      ];
    },
  );
  const all = [...new Map([...kept, ...today])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { status: 1, failing: Object.fromEntries(all) };
}

/** Writes where it differs; a store in which nothing ever failed stays as it is. */
export function writeStatus(store: Store, status: Status): Promise<Replaced> {
  const count = Object.keys(status.failing).length;
  return store.replace(statusTag, async () => {
    const isThere = (await store.publishedTags(statusTag)).has(statusTag);
    if (count === 0 && !isThere) return undefined;
    return {
      title: 'Status of the bakery',
      notes:
        count === 0
          ? 'Nothing fails.\n'
          : `${count} extensions are not well: \`bakery status\` shows them.\n`,
      newest: false,
      assets: [{ name: statusFile, text: `${JSON.stringify(status, undefined, 2)}\n` }],
    };
  });
}
