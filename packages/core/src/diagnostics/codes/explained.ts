/** What docs/errors.md says of a code. */
export interface Explained {
  readonly means: string;
  readonly remedy: string;
}
