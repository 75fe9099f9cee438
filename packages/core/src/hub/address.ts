import { globalTag, manifestName } from '../names/manifest-name.ts';

/**
 * Where a file of a release may lie below the URL prefix of a bakery, most likely place first. What indexes
 * everything lies at the top of a hub or folder, and in a release of its own on GitHub. No names need encoding.
 */
export function fileUrls(prefix: string, tag: string, file: string): readonly string[] {
  const base = prefix.replace(/\/+$/, '');
  return tag === globalTag ? [`${base}/${file}`, `${base}/${globalTag}/${file}`] : [`${base}/${tag}/${file}`];
}

/**
 * What a signature of a manifest may be called: the first by every systemd, the others since 258, which looks
 * for them in the order .sha256.asc, .sha256.gpg, .gpg, .asc and goes on after a 404 only.
 */
export const signatureNames: readonly string[] = ['.gpg', '.asc', '.sha256.gpg', '.sha256.asc'].map(
  (ending) => manifestName + ending,
);

/** An answer for people where a file was asked for, e.g. the start page of a web site. */
export function isPage(text: string): boolean {
  return /^\s*<(?:!doctype|html)/i.test(text);
}
