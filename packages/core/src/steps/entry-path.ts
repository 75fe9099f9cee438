import { UserError } from '../diagnostics/user-error.ts';
import { ImagePath } from '../language/image-paths.ts';

/** What to take out of a root, and where it goes in the image. */
export interface EntryPath {
  readonly from: string;
  readonly to: string;
}

/** Reads `/usr/bin/nano`, or `/bin/nano:/usr/bin/nano` for what lies elsewhere in the root. */
export function parseEntryPath(text: string): EntryPath {
  const [from = '', to = from, ...more] = text.split(':').map((path) => path.replace(/(?<=.)\/+$/, ''));
  const isPath = from.startsWith('/') && !from.split('/').includes('..');
  if (!isPath || more.length > 0) {
    throw new UserError('recipe.invalid', `expected an absolute path, or FROM:TO, got "${text}"`);
  }
  if (ImagePath.safeParse(to).success) return { from, to };
  throw new UserError('recipe.invalid', `${text}: expected a target below /usr or /opt, got "${to}"`, {
    hint: `say where it goes: ${from}:/usr${from}`,
  });
}
