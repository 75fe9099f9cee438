/** Something wrong with an image. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** As in the image: `/usr/bin/x`. */
  readonly path: string;
  readonly message: string;
}
