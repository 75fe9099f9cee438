import type { CatalogueImage } from '@bakery/core/catalogue.ts';
import { html, nothing, type Html } from './html.ts';
import { away, day } from './parts.ts';

type Images = readonly CatalogueImage[];

/** What came of building each image again, where somebody did: on which machine, when, and the run that has more. */
export function rebuilds(images: Images): Html {
  const known = images.filter(({ rebuild }) => rebuild !== undefined);
  if (known.length === 0) return nothing;
  return html`<p class="quiet">
    Built again: ${known.map((image, index) => html`${index === 0 ? '' : '; '}${one(image)}`)}
  </p>`;
}

/** `same`; of images that differ in that, `x86-64 same, arm64 explained`; undefined where nobody said anything. */
export function rebuildWords(images: Images): string | undefined {
  const known = images.flatMap(({ arch, rebuild }) => (rebuild === undefined ? [] : [{ arch, rebuild }]));
  const [first] = known;
  if (first === undefined) return undefined;
  const isAlike = known.every(({ rebuild }) => rebuild.verdict === first.rebuild.verdict);
  return isAlike && known.length === images.length
    ? first.rebuild.verdict
    : known.map(({ arch, rebuild }) => `${arch} ${rebuild.verdict}`).join(', ');
}

function one({ arch, rebuild }: CatalogueImage): Html {
  if (rebuild === undefined) return nothing;
  const { verdict, machine, at, url } = rebuild;
  const words = html`${arch} ${verdict}`;
  return html`${url === undefined ? words : away(url, words)}${machine === undefined ? '' : ` on ${machine}`},
  ${day(at)}`;
}
