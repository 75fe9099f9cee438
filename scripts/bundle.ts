// Writes dist/, or the folder named; `pnpm bundle`.
import { join, resolve } from 'node:path';
import { bundle } from '../packages/bundle/src/bundle.ts';

const root = join(import.meta.dirname, '..');
await bundle(root, resolve(process.argv[2] ?? join(root, 'dist')));
