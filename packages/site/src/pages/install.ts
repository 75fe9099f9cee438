import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import { snippets, type Snippet } from '@bakery/install/snippets.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Group, Offer } from '../offers.ts';
import { code } from '../parts.ts';

const about: Readonly<Record<Snippet['id'], string>> = {
  flatcar: 'Butane for Flatcar: butane --strict turns it into what a machine reads at its first boot.',
  fcos: 'Butane for Fedora CoreOS.',
  ignition: 'The same as Ignition JSON, for machines that are set up without Butane.',
  'cloud-init': 'User data for cloud-init, on any distribution with systemd.',
  shell: 'For a running host. Read it, then run it as root; running it twice does no harm.',
  sysupdate: 'Only the systemd-sysupdate files, for those who manage files by other means.',
  uninstall: 'Takes the extension off a host again, however it was installed.',
};

/** How a host gets it: one snippet a tool. The script of the page fills in other versions than the newest. */
export function install(
  extension: CatalogueExtension,
  offers: readonly Offer[],
  groups: readonly Group[],
): Html {
  const [offer] = offers;
  if (offer === undefined) return html`<p>There is no version to install yet.</p>`;
  const shown = snippets(offer.installable, true);
  return html`<div class="pickers needs-script">${pickers(extension, offers)}</div>
    <p class="noscript quiet">
      Shown is ${offer.version} for ${offer.arch}; hashes and addresses of the others stand under
      <a href="#versions">Versions</a>.
    </p>
    <fieldset class="tabs">
      <legend class="hidden">Way to install</legend>
      ${shown.map(({ id, title }, index) => html`<input type="radio" name="way" id="way-${id}" value="${id}" ${index === 0 ? html` checked` : nothing} /><label for="way-${id}">${title}</label>`)}
      ${shown.map(
        ({ id, title, text }) =>
          html`<div class="panel" id="panel-${id}">
            <p class="quiet">${about[id]}</p>
            ${code(text, `${title} snippet`, `text-${id}`)}
          </div> `,
      )}
    </fieldset>
    <script type="application/json" id="snippets">
      ${alternatives(offer, groups)}
    </script>`;
}

function pickers(extension: CatalogueExtension, offers: readonly Offer[]): Html {
  const versions = [...new Set(offers.map(({ version }) => version))];
  const arches = [...new Set(offers.map(({ arch }) => arch))];
  const [newest = ''] = versions;
  const streams = offers.flatMap(({ version, streams: heads }) =>
    heads.map(({ label, prefix }) => ({ version, label, prefix })),
  );
  const unique = [...new Map(streams.map((one) => [one.label, one])).values()].toReversed();
  const eol = new Map(extension.streams.map((one) => [one.label, one.eol]));
  return html`<label
      ><span>Version</span
      ><select id="version">
        <optgroup label="Kept up to date">
          <option value="${newest}" data-stream="" selected>newest, now ${newest}</option>
          ${unique
            .toSorted((a, b) => b.label.localeCompare(a.label, 'en', { numeric: true }))
            .map(
              ({ version, label, prefix }) =>
                html`<option value="${version}" data-stream="${prefix}.">
                  stay in ${label}, now
                  ${version}${eol.get(label) === undefined ? '' : `, until ${eol.get(label)}`}
                </option>`,
            )}
        </optgroup>
        <optgroup label="Never replaced">
          ${versions.map((version) => html`<option value="${version}">${version}</option>`)}
        </optgroup>
      </select></label
    >
    <label
      ><span>Architecture</span
      ><select id="arch">
        ${arches.map((arch) => html`<option>${arch}</option>`)}
      </select></label
    >`;
}

/**
 * What the page does not show, as JSON: of each group the snippets, kept up to date and not. Those of its images differ
 * in the image alone, for which marks stand.
 */
function alternatives(first: Offer, groups: readonly Group[]): Html {
  const texts = groups.map((group) => {
    const [head = first] = group;
    const { name, image } = head.installable;
    const of = (kept: boolean) =>
      Object.fromEntries(snippets(head.installable, kept).map(({ id, text }) => [id, marked(text, image)]));
    return {
      name,
      ...(head === first ? { shown: image } : { kept: of(true) }),
      fixed: Object.fromEntries(Object.entries(of(false)).filter(([id]) => id !== 'uninstall')),
    };
  });
  // "<" would end the element; as an escape it means the same.
  return { html: JSON.stringify(texts).replaceAll('<', '\\u003c') };
}

/** The marks are known to the script of the page. */
function marked(text: string, { url, file, sha256 }: Offer['installable']['image']): string {
  const named = text.replaceAll(url, '@url@').replaceAll(file, '@file@');
  return sha256 === undefined ? named : named.replaceAll(sha256, '@sha256@');
}
