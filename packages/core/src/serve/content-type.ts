import { basename, extname } from 'node:path';

/** Media type of a file of a store, by its name; what is not known is bytes. */
export function contentType(path: string): string {
  if (basename(path) === 'SHA256SUMS') return text;
  return types[extname(path)] ?? 'application/octet-stream';
}

const text = 'text/plain; charset=utf-8';
const types: Readonly<Record<string, string>> = {
  '.conf': text,
  '.transfer': text,
  '.txt': text,
  '.md': 'text/markdown; charset=utf-8',
  '.json': 'application/json',
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.atom': 'application/atom+xml',
  '.asc': 'application/pgp-signature',
  '.gpg': 'application/pgp-signature',
};
