import { z } from 'zod';
import type { Code } from '../../diagnostics/code.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { own } from '../../language/own.ts';
import { ExtensionName } from '../../names/extension-name.ts';
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
export interface Status {
  readonly status: 1;
  readonly failing: Readonly<Record<string, Failing>>;
}

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
const maxVersion = 200; // characters: of all its versions that fail
const mostFailing = 10_000; // extensions: no bakery has a tenth of them

/**
 * Nothing fails where nobody remembers, or what is remembered cannot be read: the next run remembers anew. Of others’
 * making it may be anything, so what is no extension that fails is passed over, and texts are cut.
 */
export async function readStatus(store: Store): Promise<Status> {
  const text = (await store.read(statusTag, statusFile).catch(unlessUnfit)) ?? '';
  const { failing = {} } = Remembered.safeParse(jsonOrNothing(text)).data ?? {};
  const entries = Object.entries(failing).flatMap(([name, one]): [string, Failing][] => {
    const found = ExtensionName.safeParse(name).success ? Failing.safeParse(one).data : undefined;
    if (found === undefined) return [];
    const { version, why } = found;
    return [[name, { ...found, version: version.slice(0, maxVersion), why: why.slice(0, maxWhy) }]];
  });
  return { status: 1, failing: Object.fromEntries(entries.slice(0, mostFailing)) };
}

const Remembered = z.object({ status: z.literal(1), failing: z.record(z.string(), z.unknown()) });

/** No such file is written by a run: too large, no file, a link out of the store. */
function unlessUnfit(error: unknown): undefined {
  if (!(error instanceof UserError) || !unfit.has(error.code)) throw error;
}

const unfit: ReadonlySet<Code> = new Set([
  'path.no-file',
  'path.outside',
  'path.too-large',
  'fetch.too-large',
]);

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
          since: sinceOf(own(failing, name), now),
          why: (first?.why ?? '').slice(0, maxWhy),
          ...(red.has(name) ? {} : { leftOut: true }),
        },
      ];
    },
  );
  const all = [...new Map([...kept, ...today])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { status: 1, failing: Object.fromEntries(all) };
}

/** What fails since tomorrow fails since now. */
function sinceOf(before: Failing | undefined, now: number): string {
  const isPast = before !== undefined && Date.parse(before.since) <= now;
  return isPast ? before.since : new Date(now).toISOString();
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
