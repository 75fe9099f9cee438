import type { CatalogueExtension, CatalogueVersion } from '@bakery/core/catalogue.ts';
import { showTable } from './table.ts';

/** One line an extension. */
export function showExtensions(extensions: readonly CatalogueExtension[]): string {
  const rows = extensions
    .map(briefly)
    .map(({ name, newest = '', date = '', arches, summary = '', unproved }) => [
      name,
      newest,
      date.slice(0, 10),
      arches.join(' '),
      withProof(summary, unproved),
    ]);
  return showTable([['EXTENSION', 'NEWEST', 'DATE', 'ARCHES', 'WHAT'], ...rows]);
}

/** An extension without its history. */
export function briefly({ name, summary, license, arches, newest, versions, unproved }: CatalogueExtension) {
  const date = versions.find(({ version }) => version === newest)?.date;
  const marks = unproved === undefined ? {} : { unproved };
  return { name, summary, license, arches, newest, date, versions: versions.length, ...marks };
}

/** What an extension is, and that nobody checks what its script fetches, if that is so. */
export function withProof(summary: string, unproved: readonly string[] | undefined): string {
  return unproved === undefined ? summary : `${summary} (unproved)`.trimStart();
}

/** Versions with date, state and size, packed and unpacked where that is known, and what came of building them again. */
export function showVersions(versions: readonly CatalogueVersion[]): string {
  const isMeasured = versions.some(({ images }) => images[0]?.unpackedSize !== undefined);
  const isJudged = versions.some(({ rebuild, images }) => rebuild ?? images.some((image) => image.rebuild));
  return showTable([
    [
      'VERSION',
      'DATE',
      'STATE',
      'MB',
      ...(isMeasured ? ['UNPACKED'] : []),
      'ARCHES',
      ...(isJudged ? ['REBUILT'] : []),
    ],
    ...versions.map(({ version, date = '', images, rebuild, ...one }) => [
      version,
      date.slice(0, 10),
      stateOf(one),
      megabytes(images[0]?.size),
      ...(isMeasured ? [megabytes(images[0]?.unpackedSize)] : []),
      images.map(({ arch }) => arch).join(' '),
      ...(isJudged ? [rebuilt(images) ?? rebuild?.verdict ?? ''] : []),
    ]),
  ]);
}

/** `same 2026-03-02`, or by arch where they differ. */
function rebuilt(images: CatalogueVersion['images']): string | undefined {
  const known = images.flatMap(({ arch, rebuild }) => (rebuild === undefined ? [] : [{ arch, ...rebuild }]));
  const [first] = known;
  if (first === undefined) return undefined;
  const isAlike = known.length === images.length && known.every(({ verdict }) => verdict === first.verdict);
  const words = isAlike ? first.verdict : known.map(({ arch, verdict }) => `${arch} ${verdict}`).join(', ');
  return `${words} ${first.at.slice(0, 10)}`;
}

function stateOf({ state, why, retired }: Pick<CatalogueVersion, 'state' | 'why' | 'retired'>): string {
  const words = [
    ...(state === 'ok' && retired !== undefined ? [] : [why === undefined ? state : `${state}: ${why}`]),
    ...(retired === undefined ? [] : [`retired ${retired.since.slice(0, 10)}: ${retired.why}`]),
  ];
  return words.join(', ');
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1e6).toFixed(1);
}
