// Measures something: `pnpm bench NAME` runs packages/*/bench/NAME.ts.
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const files = (await Array.fromAsync(glob('packages/*/bench/*.ts', { cwd: root }))).toSorted();
const benches = new Map(files.map((file) => [/([^/]+)\.ts$/.exec(file)?.[1], file]));
const file = benches.get(process.argv[2]);
if (file === undefined) {
  process.stderr.write(`usage: pnpm bench ${[...benches.keys()].join('|')}\n`);
  process.exitCode = 2;
} else {
  await import(pathToFileURL(join(root, file)).href);
}
