import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import { html, nothing, type Html } from '../html.ts';
import { layout } from '../layout.ts';
import { badge, day } from '../parts.ts';
import type { Site } from '../site-pages.ts';

/** Every extension in a line, with what finds it. */
export function indexPage({ catalogue: { hub }, extensions }: Site): string {
  const all = extensions.map(({ published }) => published);
  const count = `${all.length} ${all.length === 1 ? 'extension' : 'extensions'}`;
  return layout({
    title: 'System extensions',
    description: `${count} for systemd-sysext, kept up to date by systemd-sysupdate`,
    top: '',
    here: 'extensions',
    hub,
    body: html`<div class="lead">
        <h1>System extensions</h1>
        <p>
          Programs for hosts with a read-only <code>/usr</code>: one image each, merged by systemd-sysext,
          kept up to date by systemd-sysupdate. Pick one to see how to install it.
        </p>
      </div>
      ${all.length === 0 ? html`<p>Nothing is published yet.</p>` : list(all, count)}`,
  });
}

function list(all: readonly CatalogueExtension[], count: string): Html {
  return html`<form class="filter needs-script" role="search" id="filter">
      <label class="search"
        ><span>Search</span
        ><input type="search" id="query" autocomplete="off" spellcheck="false" placeholder="Name or purpose"
      /></label>
      ${select('arch', 'Architecture', unique(all.flatMap(({ arches }) => arches)))}
      ${select('license', 'Licence', unique(all.map(({ license }) => license ?? '')))}
      <label class="check"><input type="checkbox" id="starts" /> Starts by itself</label>
    </form>
    <p id="count" role="status" class="quiet">${count}</p>
    <div class="wide">
      <table class="stack index" id="extensions">
        <caption class="hidden">
          Extensions with their newest versions
        </caption>
        <thead>
          <tr>
            <th scope="col">Extension</th>
            <th scope="col">Newest</th>
            <th scope="col">Date</th>
            <th scope="col">For</th>
            <th scope="col">Licence</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(row)}
        </tbody>
      </table>
    </div>
    <p id="none" class="quiet" hidden>Nothing fits. Try fewer words.</p>`;
}

function row(extension: CatalogueExtension): Html {
  const { name, summary = '', newest, arches, license = '' } = extension;
  const version = extension.versions.find((one) => one.version === newest);
  const merged = (extension.units ?? []).filter(({ start }) => start === 'merge');
  return html`<tr
    data-arches="${arches.join(' ')}"
    data-license="${license}"
    ${merged.length > 0 ? html` data-starts` : nothing}
  >
    <th scope="row"><a href="${name}/index.html">${name}</a><span class="summary">${summary}</span></th>
    <td data-head="Newest">
      ${newest === undefined ? badge('none yet') : html`<span class="version">${newest}</span>`}${version?.state === 'eol' ? html` ${badge('end of life', 'bad')}` : nothing}
    </td>
    <td data-head="Date">${day(version?.date)}</td>
    <td data-head="For">
      ${arches.join(', ')}${merged.length > 0 ? html` ${badge('starts by itself')}` : nothing}
    </td>
    <td data-head="Licence">${license}</td>
  </tr> `;
}

function select(id: string, label: string, values: readonly string[]): Html {
  return html`<label
    ><span>${label}</span
    ><select id="${id}">
      <option value="">Any</option>
      ${values.map((value) => html`<option>${value}</option>`)}
    </select></label
  >`;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== '').toSorted();
}
