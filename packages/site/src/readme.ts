import MarkdownIt, { type Token } from 'markdown-it';
import { presentable, type Html } from './html.ts';

/** Markdown of a stranger: its HTML is shown as text, its links lead only to the web and to other pages here. */
const markdown = new MarkdownIt({ html: false, linkify: false });
markdown.disable('image'); // No picture of another origin is ever loaded; its text stays a link.

/** A README for the page of its extension, below headings of its own. `pages` are the extensions that have one. */
export function readme(text: string, pages: ReadonlySet<string>): Html {
  const tokens = markdown.parse(presentable(text), {});
  const [first] = tokens;
  // The page has the name as its title already.
  const shown = first?.type === 'heading_open' && first.tag === 'h1' ? tokens.slice(3) : tokens;
  for (const [index, token] of shown.entries()) {
    if (token.type === 'th_open' && shown[index + 1]?.content === '') withoutHead(token, shown[index + 2]);
    const [, level] = /^h([1-6])$/.exec(token.tag) ?? [];
    if (level !== undefined) token.tag = `h${Math.min(6, Number(level) + 1)}`;
    if (token.type === 'fence' || token.type === 'code_block') token.attrSet('tabindex', '0');
    let dropped = 0;
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') {
        const href = target(String(child.attrGet('href') ?? ''), pages);
        if (href === undefined) dropped++;
        if (href === undefined) Object.assign(child, { type: 'text', content: '', nesting: 0 });
        else child.attrs = [['href', href]];
      } else if (child.type === 'link_close' && dropped > 0) {
        dropped--;
        Object.assign(child, { type: 'text', content: '', nesting: 0 });
      }
    }
  }
  return { html: markdown.renderer.render(shown, markdown.options, {}) };
}

// A cell of a head that holds nothing names no column to anybody.
function withoutHead(open: Token, close: Token | undefined): void {
  open.tag = 'td';
  if (close !== undefined) close.tag = 'td';
}

/** One line of Markdown, as recipes have it. */
export function line(text: string): Html {
  return { html: markdown.renderInline(presentable(text)) };
}

function target(href: string, pages: ReadonlySet<string>): string | undefined {
  if (/^https?:\/\//.test(href)) return href;
  const [, name = ''] = /^\.\.\/([a-z0-9-]+)(?:\/|\/README\.md)?$/.exec(href) ?? [];
  return pages.has(name) ? `../${name}/index.html` : undefined;
}
