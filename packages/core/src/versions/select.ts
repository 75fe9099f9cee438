import type { Arch } from '../names/arch.ts';
import { bareVersion } from '../names/bare.ts';
import { whyUnpublishable } from '../names/publishable.ts';
import { isRevision } from '../names/revision.ts';
import { compareVersions, newestFirst } from '../systemd/compare.ts';
import { isPrerelease } from './prerelease.ts';
import { inRange } from './range.ts';
import type { VersionRange } from './range.ts';
import type { Listed } from './sources/listing.ts';

/** A version that may be published. */
export interface Candidate {
  /** The published text. */
  readonly text: string;
  /** What upstream calls it. */
  readonly upstream: string;
  /** Where it exists; absent means everywhere. */
  readonly arches?: ReadonlySet<Arch>;
  /** Milliseconds since 1970, where the source tells. */
  readonly publishedAt?: number;
}

/** A version that passed the filters and still cannot be published. */
export interface Refused {
  readonly text: string;
  readonly why: string;
}

export interface Selection {
  /** Newest first. */
  readonly candidates: readonly Candidate[];
  readonly refused: readonly Refused[];
}

export interface Filters {
  readonly match?: string | undefined;
  readonly exclude?: string | undefined;
  readonly strip?: string | undefined;
  readonly form?: string | undefined;
  readonly range?: VersionRange | undefined;
  readonly prereleases: boolean;
}

const digitsAndDots = 'v?\\d+(?:\\.\\d+)*';
const digitsAndMore = 'v?\\d.*';

/** What published versions look like when the recipe does not say: digits and dots. */
export function formOf(filters: Pick<Filters, 'form' | 'prereleases'>): RegExp {
  const form = filters.form ?? (filters.prereleases ? digitsAndMore : digitsAndDots);
  return new RegExp(`^(?:${form})$`, 'u');
}

/** Turns names as upstream lists them into versions to publish. */
export function selectVersions(listed: readonly Listed[], filters: Filters): Selection {
  const read = listed.flatMap((item) => readVersion(item, filters) ?? []);
  const { candidates, refused } = refuseUnpublishable(mergeSame(read));
  return refuseAmbiguous(refuseMixedForms(sortVersions(candidates)), refused);
}

function readVersion(item: Listed, filters: Filters): Candidate | undefined {
  const { match, exclude, strip, range, prereleases } = filters;
  const matched = new RegExp(match ?? '', 'u').exec(item.text);
  if (matched === null) return undefined;
  if (exclude !== undefined && new RegExp(exclude, 'u').test(item.text)) return undefined;
  const name = matched[1] ?? item.text;
  const text = strip !== undefined && name.startsWith(strip) ? name.slice(strip.length) : name;
  if (!formOf(filters).test(text)) return undefined;
  if (range !== undefined && !inRange(text, range)) return undefined;
  // A capture group may end before the "-rc1" that tells.
  const rest = item.text.slice(item.text.indexOf(name) + name.length);
  if (!prereleases && (item.prerelease || isPrerelease(text) || isPrerelease(rest))) return undefined;
  return {
    text,
    upstream: item.text,
    ...(item.arches === undefined ? {} : { arches: item.arches }),
    ...(item.publishedAt === undefined ? {} : { publishedAt: item.publishedAt }),
  };
}

/** One candidate for each text; it exists wherever one of them does. */
function mergeSame(candidates: readonly Candidate[]): Candidate[] {
  const byText = Map.groupBy(candidates, (candidate) => candidate.text);
  return [...byText.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [others.reduce(mergeArches, first)];
  });
}

function mergeArches(first: Candidate, other: Candidate): Candidate {
  const { arches, ...rest } = first;
  if (arches === undefined || other.arches === undefined) return rest;
  return { ...rest, arches: arches.union(other.arches) };
}

function refuseUnpublishable(candidates: readonly Candidate[]): Selection {
  const refused = candidates.flatMap(({ text }) => {
    const why = whyRefused(text);
    return why === undefined ? [] : [{ text, why }];
  });
  return { candidates: candidates.filter(({ text }) => whyRefused(text) === undefined), refused };
}

function whyRefused(text: string): string | undefined {
  if (!isRevision(text)) return whyUnpublishable(text);
  return 'it ends like a revision of the bakery; a match with a group in the recipe takes the ending off';
}

/** Newest first; a leading `v` does not count, the shorter of equals comes first. */
function sortVersions(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted(
    (a, b) =>
      newestFirst(bareVersion(a.text), bareVersion(b.text)) ||
      a.text.length - b.text.length ||
      (a.text < b.text ? -1 : 1),
  );
}

/** systemd takes v1.3 for older than 1.2, so all of an extension’s versions are written as its newest is. */
function refuseMixedForms(sorted: readonly Candidate[]): Selection {
  const [newest] = sorted;
  const isOdd = ({ text }: Candidate) => hasV(text) !== hasV(newest?.text ?? '');
  const refused = sorted.filter(isOdd).map(({ text }) => ({
    text,
    why: `the newest is written "${newest?.text ?? ''}", and systemd misorders versions with and without "v"; strip: v helps`,
  }));
  return { candidates: sorted.filter((candidate) => !isOdd(candidate)), refused };
}

/** 1.02 and 1.2 are the same version to systemd: only one of them can be published. */
function refuseAmbiguous(selection: Selection, earlier: readonly Refused[]): Selection {
  const candidates: Candidate[] = [];
  const refused = [...earlier, ...selection.refused];
  for (const candidate of selection.candidates) {
    const kept = candidates.at(-1);
    if (kept !== undefined && compareVersions(kept.text, candidate.text) === 0) {
      refused.push({ text: candidate.text, why: `systemd cannot tell it from "${kept.text}"` });
    } else {
      candidates.push(candidate);
    }
  }
  return { candidates, refused };
}

function hasV(text: string): boolean {
  return text !== bareVersion(text);
}
