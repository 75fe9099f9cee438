import type { DiagnosticPlace } from './diagnostic.ts';

/** A spot in a file a person wrote; lines and columns count from 1. */
export interface Place extends DiagnosticPlace {
  readonly line: number;
  readonly column: number;
}

export function showPlace({ file, line, column }: DiagnosticPlace): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
