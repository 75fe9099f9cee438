/** A spot in a file a person wrote; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function showPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}
