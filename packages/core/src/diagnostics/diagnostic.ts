import type { Code } from './code.ts';
import type { KeyPath } from './key-path.ts';

/** Where something is wrong: a spot in a file, a path in an image, or a URL. Lines and columns count from 1. */
export interface DiagnosticPlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing wrong, or likely to go wrong. */
export interface Diagnostic {
  readonly code: Code;
  /** An error fails a run; a warning may have its reasons. */
  readonly severity: 'error' | 'warning';
  readonly place: DiagnosticPlace;
  /** `expected …, got …` */
  readonly message: string;
}

/** What is wrong with a key of a document; where that stands is found out later. */
export interface KeyIssue {
  /** Where the value stands; empty for the whole file. */
  readonly path: KeyPath;
  /** `recipe.invalid` when left out. */
  readonly code?: Code;
  /** `expected …, got …` */
  readonly message: string;
}

/** What is wrong with a file of a tree or image; `path` as in the image. */
export function error(code: Code, path: string, message: string): Diagnostic {
  return { code, severity: 'error', place: { file: path }, message };
}

export function warning(code: Code, path: string, message: string): Diagnostic {
  return { code, severity: 'warning', place: { file: path }, message };
}

export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}
