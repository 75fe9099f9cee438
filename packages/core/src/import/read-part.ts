import type { Recording, TreeEntry } from './recording.ts';

/** Something in the tree, and where it came from. Texts are as one run has them. */
export type Part =
  | { readonly kind: 'place'; readonly url: string; readonly to: string; readonly mode: number }
  | {
      readonly kind: 'member';
      readonly url: string;
      readonly member: string;
      readonly strip: number;
      readonly to: string;
      readonly mode: number;
    }
  | {
      readonly kind: 'whole';
      readonly url: string;
      readonly top: string;
      readonly strip: number;
      readonly to: string;
    }
  | { readonly kind: 'link'; readonly to: string; readonly target: string }
  | { readonly kind: 'text'; readonly to: string; readonly content: string; readonly mode: number }
  | { readonly kind: 'folder'; readonly to: string }
  | { readonly kind: 'unknown'; readonly to: string };

/** What the tree of a run is made of, without the static files that lie in it as they were. */
export function readParts({ tree }: Recording, statics: ReadonlyMap<string, Buffer | string>): Part[] {
  const parents = new Set(tree.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  const parts = tree.flatMap((entry): Part[] => {
    const same = statics.get(entry.path);
    if (entry.kind === 'link') {
      return same === entry.to ? [] : [{ kind: 'link', to: entry.path, target: entry.to }];
    }
    if (entry.kind === 'folder') {
      return parents.has(entry.path) ? [] : [{ kind: 'folder', to: entry.path }];
    }
    if (entry.bytes === undefined)
      return same?.length === entry.size ? [] : [{ kind: 'unknown', to: entry.path }];
    if (same instanceof Buffer && same.equals(entry.bytes)) return [];
    return [partOf(entry, entry.bytes)];
  });
  const whole = parts.filter((part) => part.kind === 'whole');
  return parts.filter(
    (part) =>
      part.kind !== 'member' ||
      !whole.some(({ url, to, top }) => {
        const inside = top === '' ? part.member : part.member.slice(top.length + 1);
        return part.url === url && part.to === `${to}/${inside}`;
      }),
  );
}

function partOf({ path: to, mode }: TreeEntry, bytes: Buffer): Part {
  const content = bytes.toString('utf8');
  const [mark, kind, url = '', member = '', strip = '0'] = content.trimEnd().split('\u001f');
  if (mark === 'bakery-import') {
    if (kind === 'file') return { kind: 'place', url, to, mode };
    if (kind === 'member') return { kind: 'member', url, member, strip: Number(strip), to, mode };
    return { kind: 'whole', url, top: member, strip: Number(strip), to: to.slice(0, to.lastIndexOf('/')) };
  }
  const isText = !content.includes('\0') && !content.includes('\uFFFD') && !content.includes('bakery-import');
  return isText ? { kind: 'text', to, content, mode } : { kind: 'unknown', to };
}
