import type { CatalogueExtension, CatalogueImage, CatalogueVersion } from '@bakery/core/catalogue.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Group, Offer } from '../offers.ts';
import { away, badge, day } from '../parts.ts';
import { rebuilds } from '../rebuilds.ts';
import { size } from '../size.ts';

/** Every version, newest first, with what proves it. */
export function versions(
  { versions: all }: CatalogueExtension,
  offers: readonly Offer[],
  groups: readonly Group[],
): Html {
  if (all.length === 0) return nothing;
  const group = new Map(
    offers.map((offer) => [offer.installable.image.file, groups.findIndex((one) => one.includes(offer))]),
  );
  const isMeasured = all.some(({ images }) => images.some((image) => image.unpackedSize !== undefined));
  return html`<p class="quiet">
      Each image with its size${isMeasured ? ', what its files take unpacked' : ''} and its sha256.
    </p>
    <ol class="versions">
      ${all.map(
        (version) =>
          html`<li id="${version.version}">
            <div class="head">
              <h3>${version.version}</h3>
              ${state(version)}${day(version.date)}${papers(version)}
            </div>
            ${note(version)}${
              version.images.length === 0
                ? nothing
                : html`<ul class="images">
                    ${version.images.map((image) => showImage(image, group.get(image.file)))}
                  </ul>`
            }
          </li> `,
      )}
    </ol>`;
}

function state({ state: is, retired, test, rebuild }: CatalogueVersion): Html {
  return html`${is === 'yanked' ? badge('withdrawn', 'bad') : nothing}${is === 'eol' ? badge('end of life', 'bad') : nothing}${retired === undefined ? nothing : badge('retired')}${verdict('tested', 'test', test)}${verdict('rebuilt alike', 'rebuild', rebuild)}`;
}

function verdict(good: string, what: string, judged: CatalogueVersion['test']): Html {
  if (judged === undefined) return nothing;
  const shown =
    judged.verdict === 'passed' ? badge(good, 'good') : badge(`${what}: ${judged.verdict}`, 'bad');
  return judged.url === undefined ? shown : away(judged.url, shown);
}

function papers({ notes, record, sbom, provenance }: CatalogueVersion): Html {
  const links = [
    { file: notes === undefined ? undefined : { url: notes }, text: 'what changed' },
    { file: record, text: 'record' },
    { file: sbom, text: 'SBOM' },
    { file: provenance, text: 'provenance' },
  ].flatMap(({ file, text }) => (file === undefined ? [] : [away(file.url, text)]));
  return links.length === 0
    ? nothing
    : html`<span class="papers">${links.map((link) => html`${link} `)}</span>`;
}

function note({ state: is, why, retired, revision, images }: CatalogueVersion): Html {
  const baked =
    revision === undefined
      ? nothing
      : html`<p class="quiet">
          ${revision.of} rebuilt${revision.why === undefined ? '' : `: ${revision.why}`}
        </p>`;
  const gone =
    retired === undefined
      ? nothing
      : html`<p class="quiet">
          Retired ${day(retired.since)}${retired.why === '' ? '' : `: ${retired.why}`}
        </p>`;
  return html`${is === 'yanked' && why !== undefined ? html`<p class="quiet">Withdrawn: ${why}</p>` : nothing}${gone}${baked}${rebuilds(images)}`;
}

function showImage(
  { arch, url, size: bytes, unpackedSize: unpacked, sha256 }: CatalogueImage,
  group: number | undefined,
): Html {
  const offered = group === undefined ? nothing : html` data-group="${group}"`;
  return html`<li${offered}>${away(url, arch)}<span>${bytes === undefined ? '' : size(bytes)}</span><span>${unpacked === undefined ? '' : size(unpacked)}</span><code>${sha256}</code></li>`;
}
