import { globalTag } from '../names/manifest-name.ts';

/**
 * Where a file of a release may lie below the URL prefix of a bakery, most likely place first. What indexes
 * everything lies at the top of a hub or folder, and in a release of its own on GitHub. No names need encoding.
 */
export function fileUrls(prefix: string, tag: string, file: string): readonly string[] {
  const base = prefix.replace(/\/+$/, '');
  return tag === globalTag ? [`${base}/${file}`, `${base}/${globalTag}/${file}`] : [`${base}/${tag}/${file}`];
}

/** An answer for people where a file was asked for, e.g. the start page of a web site. */
export function isPage(text: string): boolean {
  return /^\s*<(?:!doctype|html)/i.test(text);
}
