import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import { html, nothing, type Html } from '../html.ts';
import { lateness } from '../lateness.ts';
import { layout } from '../layout.ts';
import { groupsOf, type Offer } from '../offers.ts';
import { away, badge } from '../parts.ts';
import { readme } from '../readme.ts';
import type { Site, SiteExtension } from '../site-pages.ts';
import { facts } from './extension-facts.ts';
import { install } from './install.ts';
import { versions } from './versions.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** All there is to know of one extension. */
export function extensionPage(site: Site, extension: SiteExtension, offers: readonly Offer[]): string {
  const { published } = extension;
  const pages = new Set(site.extensions.map((one) => one.published.name));
  const groups = groupsOf(offers);
  const sections: readonly Section[] = [
    { id: 'install', title: 'Install', body: install(published, offers, groups) },
    { id: 'versions', title: 'Versions', body: versions(published, offers, groups) },
    ...facts(extension, pages, site.now),
    ...(extension.readme === undefined
      ? []
      : [{ id: 'readme', title: 'Read me', body: readme(extension.readme, pages) }]),
  ].filter(({ body }) => body.html !== '');
  return layout({
    title: `${published.name} · System extensions`,
    description: published.summary ?? published.name,
    top: '../',
    feed: 'feed.atom',
    hub: site.catalogue.hub,
    body: html`<div class="lead">
        <h1>${published.name}</h1>
        <p>${published.summary ?? ''}</p>
        ${about(published, site)}
      </div>
      <nav class="toc" aria-label="On this page">
        <ul>
          ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>
      </nav>
      ${sections.map(
        ({ id, title, body }) =>
          html`<section id="${id}" class="${id}">
            <h2>${title}</h2>
            ${body}
          </section> `,
      )}`,
  });
}

function about(published: CatalogueExtension, site: Site): Html {
  const { newest, homepage, license, arches, os, units, unproved } = published;
  const starts = (units ?? []).some(({ start }) => start === 'merge');
  const entries: readonly (readonly [string, Html])[] = [
    ['Newest', newest === undefined ? html`none yet` : html`<span class="version">${newest}</span>`],
    ...(homepage === undefined
      ? []
      : [['Homepage', away(homepage, homepage.replace(/^https?:\/\/|\/$/g, ''))] as const]),
    ...(license === undefined ? [] : [['Licence', html`${license}`] as const]),
    [
      'For',
      html`${arches.join(', ')}${os === undefined ? nothing : html` ${badge(`${os.id} ${os.level ?? ''}`.trim())}`}`,
    ],
    ...(unproved === undefined
      ? []
      : [['Unproved', html`nobody checks what ${unproved.join(', ')} fetches for it`] as const]),
    ...(starts ? [['Starts', html`by itself`] as const] : []),
    ...lateness(published.name, site),
  ];
  return html`<dl class="about">
    ${entries.map(
      ([term, text]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}
