import type { CatalogueExtension } from '@bakery/core/catalogue.ts';
import { hasEnded } from './ended.ts';
import { html, nothing, type Html } from './html.ts';
import type { Site, SiteExtension } from './site-pages.ts';

interface Entry {
  /** Never changes. */
  readonly id: string;
  readonly title: string;
  readonly at: string;
  readonly path: string;
  readonly text: string;
}

// What a reader that comes once a month may have missed, of everything and of one extension.
const [maxOfAll, maxOfOne] = [50, 12];

/** Releases, withdrawals, retirements and ends of life of everything, newest first. */
export function siteFeed({ catalogue: { hub }, extensions, now }: Site): string {
  const entries = extensions.flatMap(({ published }) => entriesOf(published, hub, now));
  return feed('System extensions', `${hub}feed`, '', latest(entries, maxOfAll));
}

/** The same of one extension. */
export function extensionFeed({ catalogue: { hub }, now }: Site, { published }: SiteExtension): string {
  const entries = entriesOf(published, hub, now);
  return feed(published.name, `${hub}${published.name}/feed`, '../', latest(entries, maxOfOne));
}

/** Nothing without a day: a reader would take it for news again and again. */
function entriesOf(
  { name, versions, streams }: CatalogueExtension,
  hub: string,
  now: number,
): readonly Entry[] {
  const releases = versions.flatMap(({ version, date, state, why, revision }): Entry[] => {
    if (date === undefined) return [];
    const withdrawn = state === 'yanked';
    return [
      {
        id: `${hub}${name}-${version}/${withdrawn ? '#withdrawn' : ''}`,
        title: `${name} ${version}${withdrawn ? ' is withdrawn' : ''}`,
        at: date,
        path: `${name}/index.html#${version}`,
        text: withdrawn ? (why ?? '') : (revision?.why ?? ''),
      },
    ];
  });
  const retirements = [
    ...Map.groupBy(
      versions.filter(({ state }) => state !== 'yanked'),
      ({ retired }) => retired?.since,
    ),
  ].flatMap(([since, retired]) => (since === undefined ? [] : [retirement(name, since, retired, hub)]));
  const ends = streams.flatMap(({ label, eol, newest }): Entry[] =>
    eol === undefined || !hasEnded(eol, now)
      ? []
      : [
          {
            id: `${hub}${name}/#${label}-eol`,
            title: `${name} ${label} is no longer supported`,
            at: `${eol}T00:00:00Z`,
            path: `${name}/index.html#streams`,
            text: `Upstream no longer supports ${label}; its last version here is ${newest}.`,
          },
        ],
  );
  return [...releases, ...retirements, ...ends];
}

/** One entry for all that went at once: a first policy retires hundreds. */
function retirement(
  name: string,
  since: string,
  retired: readonly CatalogueExtension['versions'][number][],
  hub: string,
): Entry {
  const [first] = retired;
  const versions = retired.map(({ version }) => version).join(', ');
  const [what, which] =
    retired.length === 1
      ? [`${versions} is retired`, '']
      : [`${retired.length} versions are retired`, `: ${versions}`];
  return {
    id: `${hub}${name}/#retired-${since}`,
    title: `${name} ${what}`,
    at: since,
    path: `${name}/index.html#${first?.version ?? 'versions'}`,
    text: `${first?.retired?.why ?? ''}${which}`,
  };
}

function latest(entries: readonly Entry[], most: number): readonly Entry[] {
  return entries.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, most);
}

function feed(title: string, id: string, top: string, shown: readonly Entry[]): string {
  const document = html`<feed xmlns="http://www.w3.org/2005/Atom">
    <id>${id}</id><title>${title}</title><updated>${shown[0]?.at ?? '1970-01-01T00:00:00Z'}</updated
    ><author><name>System extensions</name></author>
    <link rel="self" href="feed.atom" /> ${shown.map((entry) => showEntry(entry, top))}</feed
  > `;
  return `<?xml version="1.0" encoding="utf-8"?>\n${document.html}`;
}

function showEntry({ id, title, at, path, text }: Entry, top: string): Html {
  return html`<entry
    ><id>${id}</id><title>${title}</title><updated>${at}</updated
    ><link href="${top}${path}" />${text === '' ? nothing : html`<summary>${text}</summary>`}</entry
  > `;
}
