import { readableCatalogue } from '../catalogue/catalogue.ts';
import { partsOf } from '../catalogue/sidecars.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { isPartName } from '../names/file-names.ts';
import type { Http } from '../ports/http.ts';
import { checkPresent } from './answer-rules.ts';
import type { Index } from './check-hub.ts';
import { complain } from './complain.ts';
import { read } from './observe.ts';

/** Holds the catalogue of a hub, when it has one, against its index of everything: programs read the one, hosts the other. */
export async function checkCatalogue({ folder, lines }: Index, http: Http): Promise<readonly Diagnostic[]> {
  const place = folder + catalogueName;
  const { observed, bytes } = await read(http, place);
  if (bytes === undefined || checkPresent(observed).length > 0) return [];
  const catalogue = readableCatalogue(Buffer.from(bytes).toString('utf8'));
  if (catalogue === undefined) {
    return [complain('catalogue-format', 'warning', place, 'a catalogue of format 1', 'something else')];
  }
  const versions = catalogue.extensions.flatMap((extension) => extension.versions);
  const listed = versions.filter((version) => version.listed).flatMap(({ images }) => images);
  const told = new Map(listed.flatMap(partsOf).map(({ file, sha256 }) => [file, sha256]));
  const parts = new Map(
    lines.filter(({ name }) => isPartName(name)).map(({ name, sha256 }) => [name, sha256]),
  );
  const unlisted = [...told.keys()].filter((file) => !parts.has(file));
  // Of older bakeries, it has only images.
  const untold = [...parts.keys()].filter((file) => file.endsWith('.raw') && !told.has(file));
  const others = [...told].filter(([file, sha256]) => parts.has(file) && parts.get(file) !== sha256);
  return [
    ...unlisted.map((file) =>
      complain('catalogue-version', 'warning', place, 'only what SHA256SUMS lists', file),
    ),
    ...untold.map((file) =>
      complain('catalogue-version', 'warning', place, `${file}, as SHA256SUMS lists it`, 'none'),
    ),
    ...others.map(([file, sha256]) =>
      complain('catalogue-hash', 'error', place, `${file} with sha256 ${parts.get(file)}`, sha256),
    ),
  ];
}
