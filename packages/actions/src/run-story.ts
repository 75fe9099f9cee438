import { z } from 'zod';
import { tagOf } from '@bakery/core/names.ts';
import type { Release } from '@bakery/core/store.ts';
import { RebuildVerdict } from './rebuild-verdict.ts';
import type { Chapter } from './summary.ts';
import type { Trouble } from './trouble.ts';

/** What check-releases put out, as far as it is told of. */
export const PlannedReleases = z.array(z.object({ extension: z.string(), version: z.string() }));
export const DeferredReleases = z.array(
  z.object({ extension: z.string(), version: z.string(), why: z.string(), after: z.string().optional() }),
);

export const FailedReleases = z.array(
  z.object({ extension: z.string(), version: z.string(), why: z.string() }),
);

const PublishedVersion = z.object({
  extension: z.string(),
  version: z.string(),
  /** Bytes of its images, by name. */
  images: z.record(z.string(), z.number()),
  url: z.string(),
});
type PublishedVersion = z.infer<typeof PublishedVersion>;

/** What became of a run: `run.json`. */
export const RunStory = z.object({
  run: z.literal(1),
  published: z.array(PublishedVersion),
  /** For a later run, with the reason. */
  waiting: DeferredReleases,
  failed: FailedReleases,
  /** Upstream lacks files of them, and an older version stands in. */
  leftOut: FailedReleases,
  /** What came of building published images again; empty when nobody did. */
  rebuilt: z.array(RebuildVerdict).readonly().default([]),
});
export type RunStory = z.infer<typeof RunStory>;

export interface RunFacts {
  readonly planned: z.infer<typeof PlannedReleases>;
  readonly deferred: z.infer<typeof DeferredReleases>;
  /** What could not even be planned. */
  readonly unresolved?: z.infer<typeof FailedReleases>;
  readonly leftOut?: z.infer<typeof FailedReleases>;
  /** Of the store, now; undefined where it takes no more questions. */
  readonly releases: readonly Release[] | undefined;
  /** What jobs left that failed or wait, by the tag of their version. */
  readonly troubles: ReadonlyMap<string, readonly Trouble[]>;
  readonly rebuilt?: readonly RebuildVerdict[];
  readonly urlOf: (tag: string) => string;
}

const unknown: Trouble = { kind: 'failed', why: 'see the log of its jobs' };
const unseen: Trouble = {
  kind: 'waiting',
  why: 'GitHub accepts no more for now, so nobody looked whether it is published; the next run does',
};

/** Planned and there is published, whatever a job said; what is not there failed, or waits for GitHub. */
export function tellRun({
  planned,
  deferred,
  unresolved = [],
  leftOut = [],
  releases,
  troubles,
  rebuilt = [],
  urlOf,
}: RunFacts): RunStory {
  const there = new Map((releases ?? []).map((release) => [release.tag, release]));
  const published = planned.flatMap(({ extension, version }): PublishedVersion[] => {
    const tag = tagOf({ name: extension, version });
    const images = (there.get(tag)?.assets ?? []).filter(({ name }) => name.endsWith('.raw'));
    const sizes = Object.fromEntries(images.map(({ name, size }) => [name, size]));
    return there.has(tag) ? [{ extension, version, images: sizes, url: urlOf(tag) }] : [];
  });
  const missing = planned.filter((one) => !there.has(tagOf({ name: one.extension, version: one.version })));
  const told = missing.map(({ extension, version }) => {
    const all = troubles.get(tagOf({ name: extension, version })) ?? [
      releases === undefined ? unseen : unknown,
    ];
    const why = [...new Set(all.map((one) => one.why))].join('\n');
    return { extension, version, why, isWaiting: all.every(({ kind }) => kind === 'waiting') };
  });
  const those = (isWaiting: boolean) =>
    told
      .filter((one) => one.isWaiting === isWaiting)
      .map(({ extension, version, why }) => ({ extension, version, why }));
  return {
    run: 1,
    published,
    waiting: [...deferred, ...those(true)],
    failed: [...those(false), ...unresolved],
    leftOut,
    rebuilt,
  };
}

export function storyChapters({
  published,
  waiting,
  failed,
  leftOut,
  rebuilt,
}: RunStory): readonly Chapter[] {
  const counts = `${published.length} published, ${waiting.length} waiting, ${failed.length} not published.`;
  return [
    { title: 'This run', text: counts },
    {
      title: 'Not published',
      head: ['extension', 'version', 'why'],
      rows: failed.map((one) => [one.extension, one.version, one.why]),
    },
    {
      title: 'Published',
      head: ['release', 'extension', 'version', 'images'],
      rows: published.map(({ extension, version, images, url }) => [
        { text: tagOf({ name: extension, version }), url },
        extension,
        version,
        Object.values(images).map(showSize).join(' + '),
      ]),
    },
    {
      title: 'Waiting',
      head: ['extension', 'version', 'why'],
      rows: waiting.map((one) => [one.extension, one.version, one.why]),
    },
    {
      title: 'Left out for an older version',
      head: ['extension', 'version', 'why'],
      rows: leftOut.map((one) => [one.extension, one.version, one.why]),
    },
    {
      title: 'Built again on another machine',
      head: ['extension', 'version', 'arch', 'bytes', 'what is known'],
      rows: rebuilt.map((one) => [one.extension, one.version, one.arch, one.verdict, one.why]),
    },
  ];
}

/** As people read it: `12.3 MB`. */
export function showSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const size = bytes / 1000 ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${units[power]}`;
}
