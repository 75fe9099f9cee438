import { html, nothing, type Html } from './html.ts';

export interface Page {
  readonly title: string;
  readonly description: string;
  /** How to get to the top of the site from here: `` or `../`. */
  readonly top: string;
  readonly here?: 'extensions' | 'compose' | 'status' | 'keys';
  /** Its own feed, beside that of everything. */
  readonly feed?: string;
  readonly hub: string;
  readonly body: Html;
}

/** Nothing of any other origin, whatever slips into a page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A whole page. Its links are relative and name index.html, so that it works from a folder. */
export function layout({ title, description, top, here, feed, hub, body }: Page): string {
  const entries = [
    ['extensions', 'index.html', 'Extensions'],
    ['compose', 'compose/index.html', 'Compose'],
    ['status', 'status/index.html', 'Status'],
    ['keys', 'keys/index.html', 'Keys'],
  ] as const;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="description" content="${description}" />
        <title>${title}</title>
        <link rel="icon" href="${top}icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${top}site.css" />
        <link rel="alternate" type="application/atom+xml" title="All extensions" href="${top}feed.atom" />
        ${feed === undefined ? nothing : html`<link rel="alternate" type="application/atom+xml" title="${title}" href="${feed}" />`}
        <script src="${top}site.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <div class="in">
            <a class="brand" href="${top}index.html"
              ><img src="${top}icon.svg" width="28" height="28" alt="" /><span>Sysext Bakery</span></a
            >
            <nav aria-label="Site">
              <ul>
                ${entries.map(([id, path, text]) => html`<li><a href="${top}${path}" ${id === here ? html` aria-current="page"` : nothing}>${text}</a></li>`)}
              </ul>
            </nav>
          </div>
        </header>
        <main id="main" class="in">${body}</main>
        <footer>
          <div class="in">
            <p>Published at <code>${hub}</code> · <a href="${top}feed.atom">Feed</a></p>
          </div>
        </footer>
      </body>
    </html> `;
  return page.html;
}
