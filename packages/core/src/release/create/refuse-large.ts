import { UserError } from '../../diagnostics/user-error.ts';
import type { TreeEntry } from '../../image/walk-tree.ts';

const named = 5; // of what is large
const depth = 4; // /usr/lib/ollama/cuda_v12: where whole parts of a product lie

/** Refuses an image that its store would not take, before anybody uploads it, and says what in it is large. */
export function refuseLarge(
  image: { readonly file: string; readonly size: number },
  most: number,
  entries: readonly TreeEntry[],
): void {
  if (image.size <= most) return;
  const large = largest(entries).map(([path, bytes]) => `${path} (${bytes} bytes unpacked)`);
  throw new UserError(
    'store.limit',
    `${image.file}: expected at most ${most} bytes, as the store takes no larger file, got ${image.size}`,
    {
      hint: `leave out what hosts can do without, by exclude: of unpack in its recipe; the largest: ${large.join(', ')}`,
    },
  );
}

function largest(entries: readonly TreeEntry[]): readonly (readonly [string, number])[] {
  const sizes = new Map<string, number>();
  for (const { path, kind, linkTo, size } of entries) {
    if (kind !== 'file' || linkTo !== undefined) continue;
    const part = path
      .split('/')
      .slice(0, depth + 1)
      .join('/');
    sizes.set(part, (sizes.get(part) ?? 0) + size);
  }
  return [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, named);
}
