import { createHash } from 'node:crypto';
import type { Catalogue, CatalogueExtension, CatalogueVersion } from '@bakery/core/src/catalogue/schema.ts';
import type { LoadedRecipe } from '@bakery/core/src/recipe/loaded.ts';

const ring = Buffer.alloc(827, 'a ring of three keys, which bytes it has does not matter'); // bytes, as real ones have
const hub = 'https://extensions.example.org/extensions/';

/** A catalogue as a grown bakery has one: each recipe with `count` versions for both architectures. */
export function largeCatalogue(recipes: readonly LoadedRecipe[], count: number): Catalogue {
  return {
    catalogue: 1,
    hub,
    ring: { ...file('', 'import-pubring.gpg'), sha256: hash(ring), data: ring.toString('base64') },
    keys: [
      { fingerprint: 'A'.repeat(40), primary: 'A'.repeat(40), created: '2026-01-01T00:00:00Z', signs: false },
      { fingerprint: 'B'.repeat(40), primary: 'A'.repeat(40), expires: '2028-01-01T00:00:00Z', signs: true },
    ],
    extensions: recipes.map(({ recipe }) => extension(recipe, count)),
  };
}

function extension(recipe: LoadedRecipe['recipe'], count: number): CatalogueExtension {
  const { name, summary, homepage, license, os, units, requires, conflicts, masks } = recipe;
  const versions = Array.from({ length: count }, (_, index) => version(name, index, count));
  return {
    name,
    summary,
    homepage,
    license,
    ...(os === undefined ? {} : { os }),
    units,
    requires,
    conflicts,
    masks,
    afterUpdate: recipe['after-update'],
    arches: Object.keys(recipe.arch),
    ...(versions[0] === undefined ? {} : { newest: versions[0].version }),
    transfer: file(name, `${name}.transfer`),
    streams: [
      { label: 'v1.0', newest: '1.0.3', eol: '2026-02-28', transfer: file(name, `${name}-v1.0.transfer`) },
      {
        label: `v1.${minorOf(count - 1)}`,
        newest: versions[0]?.version ?? '',
        transfer: file(name, `${name}-v1.${minorOf(count - 1)}.transfer`),
      },
    ],
    versions,
  };
}

function minorOf(number: number): number {
  return Math.floor(number / 4);
}

function version(name: string, index: number, count: number): CatalogueVersion {
  const number = count - 1 - index;
  const text = `1.${minorOf(number)}.${number % 4}`;
  const tag = `${name}-${text}`;
  return {
    version: text,
    date: new Date(Date.UTC(2026, 0, 1 + number * 7, 4, 5, 6)).toISOString().replace('.000', ''),
    ...(index === 3
      ? { state: 'yanked', why: 'crashes where there is no IPv6', listed: false }
      : { state: number < 4 ? 'eol' : 'ok', listed: true }),
    ...(index === 5
      ? {
          listed: false,
          retired: { since: '2026-11-20T04:05:06.789Z', why: 'of each stream only the newest 2 are kept' },
        }
      : {}),
    notes: `https://github.com/example/bakery/releases/tag/${tag}`,
    images: ['x86-64', 'arm64'].map((arch) => ({
      arch,
      ...file(tag, `${tag}-${arch}.raw`),
      size: 21_300_000 + number * 1000,
      unpackedSize: 68_400_000 + number * 3000,
      sha256: hash(`${tag}-${arch}`),
      format: 'squashfs',
    })),
    record: file(tag, `${tag}.inputs.json`),
    sbom: file(tag, `${tag}.cdx.json`),
    provenance: file(tag, `${tag}.sigstore.json`),
    ...(index === 0 ? { test: { verdict: 'passed', at: '2026-11-01T04:00:00Z' } } : {}),
    ...(index === 1 ? { rebuild: { verdict: 'passed', at: '2026-11-02T04:00:00Z' } } : {}),
  };
}

function file(tag: string, name: string) {
  return { file: name, url: `${hub}${tag === '' ? '' : `${tag}/`}${name}` };
}

function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
