import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import type { Entries } from './entries.ts';
import { readText } from './read-text.ts';

/** Files that are joined or read line by line, where a cut last line is easily lost. */
export function checkFinalNewline({ root, all }: Entries): Diagnostic[] {
  return all
    .filter(({ path, kind }) => kind === 'file' && /\/(sysusers|tmpfiles)\.d\/[^/]+\.conf$/.test(path))
    .filter(({ path }) => !/(^|\n)$/.test(readText(root, path)))
    .map(({ path }) => warning('tree.final-newline', path, 'expected a newline at its end'));
}
