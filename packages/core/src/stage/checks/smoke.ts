import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { resolvePath } from '../resolve-path.ts';
import type { Entries } from './entries.ts';
import { hostPrograms } from './host-programs.ts';

/** A program that a recipe says it runs. */
export interface PromisedProgram {
  readonly program: string;
  /** Where the recipe says so: `recipes/x/recipe.yaml:12:5`. */
  readonly said: string;
}

/** What a recipe promises to run must be there. */
export function checkSmoke(
  { find, lookup }: Entries,
  { smoke = [] }: { readonly smoke?: readonly PromisedProgram[] | undefined },
): Diagnostic[] {
  return smoke.flatMap(({ program, said }) => {
    const path = program.startsWith('/') ? program.replace(/^\/bin\//, '/usr/bin/') : `/usr/bin/${program}`;
    if (hostPrograms.has(path.slice('/usr/bin/'.length))) return [];
    const end = resolvePath(path, lookup);
    if (end.kind !== 'found')
      return [
        error('tree.no-smoke-program', path, `${said}: expected the program that smoke runs, got none`),
      ];
    const found = find(end.path);
    if (found?.kind === 'file' && (found.mode & 0o111) !== 0) return [];
    return [
      error(
        'tree.no-smoke-program',
        path,
        `${said}: expected the program that smoke runs to be an executable file`,
      ),
    ];
  });
}
