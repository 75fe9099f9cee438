import { html, nothing, textOf, type Html } from './html.ts';

/** A day, for people and for programs. */
export function day(time: string | undefined): Html {
  return time === undefined ? nothing : html`<time>${time.slice(0, 10)}</time>`;
}

/** A link to somewhere else; no link where the address is none of the web. */
export function away(url: string, text: string | Html): Html {
  return /^https?:\/\//.test(url) ? html`<a href="${url}">${text}</a>` : html`${text}`;
}

/** A short word that stands out. */
export function badge(text: string, kind: 'good' | 'bad' | 'plain' = 'plain'): Html {
  return html`<span class="badge ${kind}">${text}</span>`;
}

/** Text to be copied as it is. */
export function code(text: string, label: string, id?: string): Html {
  return html`<div class="code"><button class="copy" type="button" aria-label="Copy ${label}">Copy</button><pre tabindex="0" aria-label="${label}"><code${id === undefined ? nothing : html` id="${id}"`}>${textOf(text)}</code></pre></div>`;
}

/**
 * Rows of a table that fits narrow screens: there each cell shows the name of its column. A column without anything in it is
 * left out.
 */
export function table(caption: string, names: readonly string[], all: readonly (readonly Html[])[]): Html {
  if (all.length === 0) return nothing;
  const isUsed = (_: unknown, column: number): boolean => all.some((cells) => cells[column]?.html !== '');
  const head = names.filter(isUsed);
  const rows = all.map((cells) => cells.filter(isUsed));
  return html`<div class="wide">
    <table class="stack">
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) => html`<td data-head="${head[index]}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
