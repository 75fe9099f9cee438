import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const most = 1024 * 1024; // bytes; CONF_FILE_MAX of systemd is 1 MiB, too

/** The text of a file of the tree, as much of it as systemd would read. */
export function readText(root: string, path: string): string {
  const file = openSync(join(root, path), 'r');
  try {
    const bytes = Buffer.alloc(most);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
