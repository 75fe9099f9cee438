import { z } from 'zod';
import { own } from '../../language/own.ts';
import { ExtensionName } from '../../names/extension-name.ts';
import { newestFirst } from '../../systemd/compare.ts';

/** How far what is published of an extension is behind what is wanted of it, as the last run left it. */
export const Behind = z.object({
  /** How many versions wait. */
  versions: z.int().positive(),
  /** The newest of them. */
  newest: z.string(),
  /** When a run left some for the first time since none waited; ISO 8601. */
  since: z.iso.datetime(),
  /** Why the newest waits. */
  why: z.string(),
});
export type Behind = z.infer<typeof Behind>;

/** A version that is left to a later run. */
export interface Waits {
  readonly extension: string;
  /** `latest` where nobody knows yet which version that is. */
  readonly version: string;
  readonly why: string;
}

interface Left {
  readonly waiting: readonly Waits[];
  /** Extensions of which everything wanted was looked at. */
  readonly looked: readonly string[];
  /** What the release list names, where there is one. */
  readonly listed?: ReadonlySet<string> | undefined;
}

const maxWhy = 300; // characters: a line
const maxVersion = 200; // characters
const mostBehind = 10_000; // extensions: no bakery has a tenth of them

/** What is remembered, whoever wrote it: what is no extension that is behind is passed over, and texts are cut. */
export function readBehind(
  remembered: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Behind>> | undefined {
  const found = Object.entries(remembered).flatMap(([name, one]): [string, Behind][] => {
    const behind = ExtensionName.safeParse(name).success ? Behind.safeParse(one).data : undefined;
    if (behind === undefined) return [];
    const { newest, why } = behind;
    return [[name, { ...behind, newest: newest.slice(0, maxVersion), why: why.slice(0, maxWhy) }]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found.slice(0, mostBehind));
}

/**
 * Who is behind after a run, by name; undefined where nobody is. Of an extension that was not looked at, what was known
 * stays: a version somebody asked for is none that a later run will build by itself.
 */
export function nextBehind(
  before: Readonly<Record<string, Behind>>,
  { waiting, looked, listed }: Left,
  now: number,
): Readonly<Record<string, Behind>> | undefined {
  const seen = new Set(looked);
  const kept = Object.entries(before).filter(
    ([name]) => !seen.has(name) && (listed === undefined || listed.has(name)),
  );
  const left = waiting.filter(({ extension, version }) => seen.has(extension) && version !== 'latest');
  const found = [...Map.groupBy(left, ({ extension }) => extension)].map(([name, ones]): [string, Behind] => {
    const versions = [...new Map(ones.map((one) => [one.version, one])).values()];
    const [newest] = versions.toSorted((a, b) => newestFirst(a.version, b.version));
    return [
      name,
      {
        versions: versions.length,
        newest: newest?.version ?? '',
        since: earlier(own(before, name)?.since, now),
        why: (newest?.why ?? '').slice(0, maxWhy),
      },
    ];
  });
  const all = [...kept, ...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** What began tomorrow began now. */
export function earlier(before: string | undefined, now: number): string {
  const isPast = before !== undefined && Date.parse(before) <= now;
  return isPast ? before : new Date(now).toISOString();
}
