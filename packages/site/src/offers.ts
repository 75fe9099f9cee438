import type { Catalogue, CatalogueExtension, CatalogueImage } from '@bakery/core/catalogue.ts';
import { allArches, type Arch, parseImageName } from '@bakery/core/names.ts';
import { type Stream, streamsOf, transferText } from '@bakery/core/sysupdate.ts';
import { inRange, VersionRange } from '@bakery/core/versions.ts';
import type { Installable } from '@bakery/install/extension-config.ts';
import { byKind, defaultOptions, hostUnits } from '@bakery/install/host-units.ts';
import type { SiteExtension } from './site-pages.ts';

/** An image that a host may install. */
export interface Offer {
  readonly version: string;
  readonly arch: Arch;
  readonly installable: Installable;
  /** The streams that its version is the newest of, as transfer files match them. */
  readonly streams: readonly Stream[];
}

/** Everything of an extension that pages have snippets for, newest version first. */
export async function offersOf(extension: SiteExtension, catalogue: Catalogue): Promise<readonly Offer[]> {
  const { published } = extension;
  const offers = published.versions
    .filter(({ state, retired }) => state !== 'yanked' && retired === undefined)
    .flatMap(({ version, images }) =>
      images.flatMap((image) => {
        const arch = allArches.find((one) => one === image.arch);
        return arch !== undefined && isPlain(image, published.name, version)
          ? [{ version, arch, image }]
          : [];
      }),
    );
  return Promise.all(
    offers.map(async ({ version, arch, image }) => ({
      version,
      arch,
      installable: {
        name: published.name,
        image: { file: image.file, url: image.url, sha256: image.sha256 },
        ...updates(published, catalogue),
        ...(await unitsOf(extension, version, arch)),
        masks: (published.masks ?? []).filter((mask) => /^\w[\w.-]*$/.test(mask)),
      },
      streams: streamsHeaded(published, version),
    })),
  );
}

/** Whether an image is called as images are, so that nothing in a snippet needs a quote. */
function isPlain({ file, url }: CatalogueImage, name: string, version: string): boolean {
  return parseImageName(file, name)?.version === version && /^https?:\/\/[\w@%+=:,./~-]+$/.test(url);
}

function updates({ name, afterUpdate }: CatalogueExtension, { hub, ring }: Catalogue) {
  const base = hub.endsWith('/') ? hub : `${hub}/`;
  return {
    transfer: { inline: transferText({ name, url: `${base}${name}/`, verify: ring !== undefined }) },
    afterUpdate: afterUpdates.find((one) => one === afterUpdate) ?? 'refresh',
    ...(ring === undefined ? {} : { ring: { source: ring.url, sha256: ring.sha256 } }),
  };
}

/** With the keys themselves instead of where they are, which takes a kilobyte; where the catalogue has them. */
export function carryingRing(installable: Installable, { ring }: Catalogue): Installable {
  if (ring?.data === undefined) return installable;
  return { ...installable, ring: { source: `data:;base64,${ring.data}`, sha256: ring.sha256 } };
}

const afterUpdates = ['nothing', 'refresh', 'restart', 'reboot'] as const;

async function unitsOf(
  { published, recipe }: SiteExtension,
  version: string,
  arch: Arch,
): Promise<Pick<Installable, 'wanted' | 'services' | 'otherUnits'>> {
  if (recipe !== undefined)
    return hostUnits(recipe, { version, arch, options: defaultOptions(recipe.recipe) });
  const units = (published.units ?? []).filter(
    ({ name, when, arches, if: options }) =>
      /^\w[\w@.:-]*\.[a-z]+$/.test(name) &&
      options === undefined &&
      (when === undefined || (VersionRange.safeParse(when).success && inRange(version, when))) &&
      (arches?.includes(arch) ?? true),
  );
  return { wanted: [], ...byKind(units.map(({ name }) => name)) };
}

function streamsHeaded({ streams }: CatalogueExtension, version: string): readonly Stream[] {
  const labels = new Set(streams.filter(({ newest }) => newest === version).map(({ label }) => label));
  return streamsOf([version], ['major', 'minor']).filter(({ label }) => labels.has(label));
}

/** Offers whose snippets differ in nothing but the image, by the number that stands for them on the page. */
export function groupsOf(offers: readonly Offer[]): readonly Group[] {
  const groups = new Map<string, Offer[]>();
  for (const offer of offers) {
    const { wanted, services, otherUnits } = offer.installable;
    const key = JSON.stringify([wanted, services, otherUnits]);
    groups.set(key, [...(groups.get(key) ?? []), offer]);
  }
  return [...groups.values()];
}

export type Group = readonly Offer[];
