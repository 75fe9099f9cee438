import { z } from 'zod';
import type { Code } from '../../diagnostics/code.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { own } from '../../language/own.ts';
import { ExtensionName } from '../../names/extension-name.ts';
import type { Replaced, Store } from '../../store/store.ts';
import { type Behind, earlier, nextBehind, readBehind, type Waits } from './behind.ts';

/** Tag of the release that remembers, from run to run, what fails or waits. It is there from the first of these on. */
export const statusTag = 'bakery-status';
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

/** `status.json`: extensions that fail, and those with versions that wait, by name. It only grows. */
export interface Status {
  readonly status: 1;
  readonly failing: Readonly<Record<string, Failing>>;
  /** Absent where nothing waits, as in every file from before it was remembered. */
  readonly behind?: Readonly<Record<string, Behind>>;
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
  readonly waiting: readonly Waits[];
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
 * Nothing fails where nobody remembers, or what is remembered cannot be read: the next run starts over. Of others’
 * making it may be anything, so what is no extension that fails is passed over, and texts are cut.
 */
export async function readStatus(store: Store): Promise<Status> {
  const text = (await store.read(statusTag, statusFile).catch(unlessUnfit)) ?? '';
  const known = Remembered.safeParse(jsonOrNothing(text)).data ?? { failing: {}, behind: {} };
  const entries = Object.entries(known.failing).flatMap(([name, one]): [string, Failing][] => {
    const found = ExtensionName.safeParse(name).success ? Failing.safeParse(one).data : undefined;
    if (found === undefined) return [];
    const { version, why } = found;
    return [[name, { ...found, version: version.slice(0, maxVersion), why: why.slice(0, maxWhy) }]];
  });
  const behind = readBehind(known.behind ?? {});
  return {
    status: 1,
    failing: Object.fromEntries(entries.slice(0, mostFailing)),
    ...(behind === undefined ? {} : { behind }),
  };
}

const Entries = z.record(z.string(), z.unknown());
const Remembered = z.object({
  status: z.literal(1),
  failing: Entries,
  behind: Entries.optional().catch(undefined),
});

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

/** Whether a run has something to remember or to forget; where not, nobody needs to write. */
export function isWorthRemembering(
  { failing, behind = {} }: Status,
  { failed, leftOut = [], waiting }: Pick<Outcome, 'failed' | 'leftOut' | 'waiting'>,
): boolean {
  const known = Object.keys(failing).length + Object.keys(behind).length;
  return known + failed.length + leftOut.length + waiting.length > 0;
}

/**
 * Who fails or waits now, and since when; `now` is in milliseconds since 1970. It changes only where something begins or
 * ends to fail or wait, or for another reason, so that nights alike write nothing.
 */
export function nextStatus(
  { failing, behind: before = {} }: Status,
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
          since: earlier(own(failing, name)?.since, now),
          why: (first?.why ?? '').slice(0, maxWhy),
          ...(red.has(name) ? {} : { leftOut: true }),
        },
      ];
    },
  );
  const all = [...new Map([...kept, ...today])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const behind = nextBehind(before, { waiting, looked, listed }, now);
  return { status: 1, failing: Object.fromEntries(all), ...(behind === undefined ? {} : { behind }) };
}

/** Writes where it differs; a store in which nothing ever failed or waited stays as it is. */
export function writeStatus(store: Store, status: Status): Promise<Replaced> {
  const late = Object.keys(status.behind ?? {});
  const count = new Set([...Object.keys(status.failing), ...late]).size;
  return store.replace(statusTag, async () => {
    const isThere = (await store.publishedTags(statusTag)).has(statusTag);
    if (count === 0 && !isThere) return undefined;
    return {
      title: 'Status of the bakery',
      notes:
        count === 0
          ? 'Nothing fails, and nothing waits.\n'
          : `${count} extensions fail or wait: \`bakery status\` shows them.\n`,
      newest: false,
      assets: [{ name: statusFile, text: `${JSON.stringify(status, undefined, 2)}\n` }],
    };
  });
}
