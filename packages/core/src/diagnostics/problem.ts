import { showPlace, type Place } from './place.ts';
import { UserError } from './user-error.ts';

export type KeyPath = readonly (string | number)[];

/** One thing wrong with a file a person wrote. */
export interface Problem {
  /** Where the value stands; empty for the whole file. */
  readonly path: KeyPath;
  /** `expected …, got …` */
  readonly text: string;
}

/** `artifacts[0].unpack.files["bin/*"]` */
export function showPath(path: KeyPath): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

export function showProblem(place: Place, problem: Problem): string {
  const subject = showPath(problem.path);
  return `${showPlace(place)} ${subject === '' ? '' : `${subject}: `}${problem.text}`;
}

/** One UserError for all problems of a file, one line each, in the order of the file. */
export function problemsError(problems: readonly Problem[], locate: (path: KeyPath) => Place): UserError {
  const located = problems
    .map((problem) => ({ problem, place: locate(problem.path) }))
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  return new UserError(
    'recipe.invalid',
    located.map(({ place, problem }) => showProblem(place, problem)).join('\n'),
  );
}
