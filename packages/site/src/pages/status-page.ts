import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import { hasEnded } from '../ended.ts';
import { html, nothing, type Html } from '../html.ts';
import { countOf } from '../lateness.ts';
import { layout } from '../layout.ts';
import { away, badge, day, table } from '../parts.ts';
import { rebuildWords } from '../rebuilds.ts';
import type { Site } from '../site-pages.ts';

/** How everything is, as far as the catalogue and the runs of the bakery know. */
export function statusPage({ catalogue: { hub }, extensions, now, failing = {}, behind = {} }: Site): string {
  const all = extensions.map(({ published }) => published);
  const known = new Set(all.map(({ name }) => name));
  const titled = (name: string): Html => (known.has(name) ? link({ name }) : html`${name}`);
  const fails = Object.entries(failing).map(([name, { version, since, why }]) => [
    titled(name),
    html`<span class="version">${version}</span>`,
    day(since),
    html`${why.split('\n')[0] ?? ''}`,
  ]);
  const late = Object.entries(behind).map(([name, { versions, newest, since, why }]) => [
    titled(name),
    html`${countOf(versions)}`,
    html`<span class="version">${newest}</span>`,
    day(since),
    html`${why.split('\n')[0] ?? ''}`,
  ]);
  const withdrawn = all.flatMap((one) =>
    one.versions
      .filter(({ state }) => state === 'yanked')
      .map((version) => [
        link(one),
        html`<span class="version">${version.version}</span>`,
        html`${version.why ?? ''}`,
      ]),
  );
  const ended = all.flatMap((one) =>
    one.streams
      .filter(({ eol }) => eol !== undefined && hasEnded(eol, now))
      .map(({ label, eol, newest }) => [
        link(one),
        html`<span class="version">${label}</span>`,
        html`<span class="version">${newest}</span>`,
        day(eol),
      ]),
  );
  return layout({
    title: 'Status · System extensions',
    description: 'Newest versions, tests, rebuilds, withdrawals and ends of life',
    top: '../',
    here: 'status',
    hub,
    body: html`<div class="lead">
        <h1>Status</h1>
        <p>
          What was known about the newest version of each extension on ${day(new Date(now).toISOString())}. An
          empty cell means that nobody has looked.
        </p>
      </div>
      ${all.length === 0 ? html`<p>Nothing is published yet.</p>` : nothing}
      ${chapter('Failing', table('Versions that cannot be published', ['Extension', 'Version', 'Since', 'Why'], fails))}
      ${chapter('Behind upstream', table('Versions waiting for the next run', ['Extension', 'Behind by', 'Up to', 'Since', 'Why'], late))}
      ${chapter('Newest versions', table('Newest versions', ['Extension', 'Newest', 'Published', 'Test on a host', 'Built again'], all.map(row)))}
      ${chapter('Withdrawn', table('Withdrawn versions', ['Extension', 'Version', 'Why'], withdrawn))}
      ${chapter('No longer supported', table('Streams that ended', ['Extension', 'Stream', 'Last version', 'Since'], ended))}`,
  });
}

function row(extension: CatalogueExtension): readonly Html[] {
  const version = extension.versions.find((one) => one.version === extension.newest);
  return [
    link(extension),
    version === undefined ? badge('none yet') : html`<span class="version">${version.version}</span>`,
    day(version?.date),
    verdict(version?.test),
    rebuilt(version),
  ];
}

function verdict(judged: CatalogueExtension['versions'][number]['test']): Html {
  if (judged === undefined) return nothing;
  return html`${badge(judged.verdict, judged.verdict === 'passed' ? 'good' : 'bad')} ${day(judged.at)}`;
}

/** In the words of its images, where they have some. */
function rebuilt(version: CatalogueExtension['versions'][number] | undefined): Html {
  const { rebuild, images = [] } = version ?? {};
  if (rebuild === undefined) return nothing;
  const words = rebuildWords(images) ?? rebuild.verdict;
  const shown = badge(words, rebuild.verdict === 'passed' ? 'good' : 'bad');
  return html`${rebuild.url === undefined ? shown : away(rebuild.url, shown)} ${day(rebuild.at)}`;
}

function chapter(title: string, body: Html): Html {
  return body.html === ''
    ? nothing
    : html`<h2>${title}</h2>
        ${body}`;
}

function link({ name }: Pick<CatalogueExtension, 'name'>): Html {
  return html`<a href="../${name}/index.html">${name}</a>`;
}
