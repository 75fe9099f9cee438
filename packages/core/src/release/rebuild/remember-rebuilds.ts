import { formatCatalogue, readableCatalogue } from '../../catalogue/catalogue.ts';
import { type Judged, withRebuilds } from '../../catalogue/rebuilds.ts';
import { whyTooLarge } from '../../catalogue/size.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { MetadataAsset, Replaced, Store } from '../../store/store.ts';

export interface Remembered {
  readonly result: Replaced;
  /** Those whose image the catalogue does not name. */
  readonly unknown: readonly Judged[];
}

/**
 * Puts verdicts into the catalogue of a store, which keeps them from then on. Nothing else changes: no key is needed, and
 * what another run writes meanwhile stands. A store without a catalogue stays as it is; UserError when no reader would take it.
 */
export async function rememberRebuilds(all: readonly Judged[], store: Store): Promise<Remembered> {
  let unknown = all;
  const result = await store.replace(globalTag, async () => {
    unknown = all;
    const [index] = await store.releases([globalTag]);
    const catalogue = readableCatalogue(await store.read(globalTag, catalogueName));
    if (index === undefined || catalogue === undefined) return undefined;
    const named = new Set(
      catalogue.extensions.flatMap(({ name, versions }) =>
        versions.flatMap(({ version, images }) =>
          images.map(({ sha256 }) => [name, version, sha256].join(' ')),
        ),
      ),
    );
    unknown = all.filter(
      ({ extension, version, sha256 }) => !named.has([extension, version, sha256].join(' ')),
    );
    const others = index.assets
      .filter(({ name }) => name !== catalogueName)
      .map((asset): MetadataAsset => ({ name: asset.name, from: { tag: globalTag, asset } }));
    const text = formatCatalogue(withRebuilds(catalogue, all));
    const problem = whyTooLarge(text);
    if (problem !== undefined) throw problem;
    return { newest: true, assets: [...others, { name: catalogueName, text }] };
  });
  return { result, unknown };
}
