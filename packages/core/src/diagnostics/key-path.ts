export type KeyPath = readonly (string | number)[];

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

/** `artifacts[0].url: expected …`; the message alone for the whole file. */
export function withPath(path: KeyPath, message: string): string {
  return path.length === 0 ? message : `${showPath(path)}: ${message}`;
}
