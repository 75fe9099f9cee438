/** Text that is HTML already. Whatever else stands in a template is escaped. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | undefined | readonly Value[];

/** HTML with values escaped, for text and for attributes in quotes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.map((text, index) => withoutIndent(text) + show(values[index])).join('') };
}

export const nothing: Html = { html: '' };

/** Text between elements: there quotes stand for themselves. */
export function textOf(text: string): Html {
  return { html: escape(text).replaceAll('&quot;', '"').replaceAll('&#39;', "'") };
}

/** Text as HTML and XML have it, without what XML forbids. */
export function escape(text: string): string {
  return presentable(text).replaceAll(/[&<>"']/g, (one) => names[one] ?? one);
}

/** Text without what XML forbids, and without what turns the order of letters around. */
export function presentable(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/gu, '�');
}

const names: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// How templates are indented is for readers of the source; pages of it would be a tenth larger.
function withoutIndent(text: string): string {
  return text.replaceAll(/\n\s+/g, '\n').replaceAll(beforeBlock, '');
}

/** White space that no browser shows. */
const beforeBlock =
  /\n(?=<\/?(?:div|section|nav|main|header|footer|form|p|h[1-3]|[uod]l|li|d[dt]|table|thead|tbody|t[rdh]|head|body|meta|link|title)\b)/g;

function show(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return 'html' in value ? value.html : value.map(show).join('');
}
