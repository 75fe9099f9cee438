import type { Diagnostic, KeyIssue } from './diagnostic.ts';
import { withPath, type KeyPath } from './key-path.ts';
import { showPlace, type Place } from './place.ts';
import { UserError } from './user-error.ts';

/** One UserError for everything wrong with a file, one line each, in the order of the file. */
export function documentError(issues: readonly KeyIssue[], locate: (path: KeyPath) => Place): UserError {
  const diagnostics = issues
    .map(({ path, message, code = 'recipe.invalid' }) => ({
      code,
      place: locate(path),
      message: withPath(path, message),
    }))
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map((one): Diagnostic => ({ severity: 'error', ...one }));
  return diagnosticsError(diagnostics);
}

/** Its code is that of the first. */
export function diagnosticsError(diagnostics: readonly Diagnostic[]): UserError {
  const lines = diagnostics.map(({ place, message }) => `${showPlace(place)} ${message}`);
  return new UserError(diagnostics[0]?.code ?? 'recipe.invalid', lines.join('\n'), { diagnostics });
}
