import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import { Condition, holds } from '@bakery/core/versions.ts';
import { butaneVersions } from '@bakery/install/butane.ts';
import { defaultOptions } from '@bakery/install/host-units.ts';
import { partsOf, type Parts } from '../compose-parts.ts';
import { html, type Html } from '../html.ts';
import { layout } from '../layout.ts';
import { carryingRing, type Offer } from '../offers.ts';
import { code } from '../parts.ts';
import type { Site, SiteExtension } from '../site-pages.ts';

interface Offered {
  readonly extension: SiteExtension;
  readonly offers: readonly Offer[];
}

/** Several extensions in one Butane configuration. What the page is made of is joined by its script. */
export function composePage({ catalogue }: Site, offered: readonly Offered[]): string {
  const { hub } = catalogue;
  const entries = offered.filter(({ offers }) => offers.length > 0);
  const [first] = entries.flatMap(({ offers }) => offers);
  return layout({
    title: 'Compose · System extensions',
    description: 'One Butane configuration for several extensions',
    top: '../',
    here: 'compose',
    hub,
    body: html`<div class="lead">
        <h1>Compose</h1>
        <p>
          Tick what a host should have. You get one Butane configuration with the newest version of each, kept
          up to date.
        </p>
        <p class="noscript">
          This page needs JavaScript. Without it, join the lists of the configurations on the pages of the
          extensions: what stands in two of them is needed once.
        </p>
      </div>
      ${
        first === undefined
          ? html`<p>Nothing is published yet.</p>`
          : composer(entries, partsOf(carryingRing(first.installable, catalogue)).common)
      }`,
  });
}

/** `common` is what every configuration has once. */
function composer(entries: readonly Offered[], common: string): Html {
  const arches = [...new Set(entries.flatMap(({ offers }) => offers.map(({ arch }) => arch)))];
  const data = { common, versions: butaneVersions, extensions: entries.map(describe) };
  return html`<form class="needs-script compose" id="compose">
      <div class="pickers">
        <label
          ><span>System</span
          ><select id="variant">
            <option value="flatcar">Flatcar</option>
            <option value="fcos">Fedora CoreOS</option>
          </select></label
        >
        <label
          ><span>Architecture</span
          ><select id="arch">
            ${arches.map((arch) => html`<option>${arch}</option>`)}
          </select></label
        >
      </div>
      <fieldset class="choices">
        <legend>Extensions</legend>
        ${entries.map(
          ({ extension: { published } }) =>
            html`<label
              ><input type="checkbox" name="extension" value="${published.name}" />
              <span><b>${published.name}</b> ${published.newest ?? ''}</span></label
            >`,
        )}
      </fieldset>
    </form>
    <div class="needs-script">
      <div role="status"><ul id="remarks" class="remarks"></ul></div>
      ${code('', 'Butane configuration', 'composed')}
    </div>
    <script type="application/json" id="parts">
      ${{ html: JSON.stringify(data).replaceAll('<', '\\u003c') }}
    </script>`;
}

function describe({ extension, offers }: Offered) {
  const { published } = extension;
  const newest = offers.filter(({ version }) => version === offers[0]?.version);
  const parts: {
    readonly key: string;
    readonly image: Offer['installable']['image'];
    readonly own: Parts;
  }[] = [];
  const images = newest.map(({ arch, installable }) => {
    const key = JSON.stringify([installable.wanted, installable.services]);
    if (!parts.some((one) => one.key === key))
      parts.push({ key, image: installable.image, own: partsOf(installable).own });
    return [arch, { ...installable.image, part: parts.findIndex((one) => one.key === key) }] as const;
  });
  return {
    name: published.name,
    images: Object.fromEntries(images),
    parts: parts.map(({ image, own }) => ({ image, own })),
    conflicts: related(published.conflicts, extension, newest),
    requires: related(published.requires, extension, newest),
  };
}

/** Those that count for the images there are, which are of the default options. */
function related(
  relations: CatalogueExtension['requires'] = [],
  { recipe }: SiteExtension,
  offers: readonly Offer[],
) {
  const options = recipe === undefined ? {} : defaultOptions(recipe.recipe);
  return relations.flatMap(({ name, why, when, arches: only, if: wanted }) => {
    const read = Condition.safeParse({ when, arches: only, if: wanted });
    const arches = offers.flatMap(({ version, arch }) =>
      read.success && holds(read.data, { version, arch, options }) ? [arch] : [],
    );
    return arches.length === 0 ? [] : [{ name, why, arches }];
  });
}
