/** Something a host would stumble over. An error keeps the image from being packed. */
export interface Finding {
  /** As in the image: `/usr/bin/x`. */
  readonly path: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export function error(path: string, message: string): Finding {
  return { path, message, severity: 'error' };
}

export function warning(path: string, message: string): Finding {
  return { path, message, severity: 'warning' };
}
