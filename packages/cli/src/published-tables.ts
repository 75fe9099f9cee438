import type { CatalogueExtension, CatalogueVersion } from '@bakery/core/catalogue.ts';
import { showTable } from './table.ts';

/** One line an extension. */
export function showExtensions(extensions: readonly CatalogueExtension[]): string {
  const rows = extensions
    .map(briefly)
    .map(({ name, newest = '', date = '', arches, summary = '' }) => [
      name,
      newest,
      date.slice(0, 10),
      arches.join(' '),
      summary,
    ]);
  return showTable([['EXTENSION', 'NEWEST', 'DATE', 'ARCHES', 'WHAT'], ...rows]);
}

/** An extension without its history. */
export function briefly({ name, summary, license, arches, newest, versions }: CatalogueExtension) {
  const date = versions.find(({ version }) => version === newest)?.date;
  return { name, summary, license, arches, newest, date, versions: versions.length };
}

/** Versions with date, state and size, packed and unpacked where that is known. */
export function showVersions(versions: readonly CatalogueVersion[]): string {
  const isMeasured = versions.some(({ images }) => images[0]?.unpackedSize !== undefined);
  return showTable([
    ['VERSION', 'DATE', 'STATE', 'MB', ...(isMeasured ? ['UNPACKED'] : []), 'ARCHES'],
    ...versions.map(({ version, date = '', images, ...one }) => [
      version,
      date.slice(0, 10),
      stateOf(one),
      megabytes(images[0]?.size),
      ...(isMeasured ? [megabytes(images[0]?.unpackedSize)] : []),
      images.map(({ arch }) => arch).join(' '),
    ]),
  ]);
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
