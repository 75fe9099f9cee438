import type { Listed } from './listing.ts';

/** When a version was published, as the APIs of GitHub and Forgejo write it; nothing where they do not say. */
export function publishedAt(text: string | null | undefined): Pick<Listed, 'publishedAt'> {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? {} : { publishedAt: at };
}
