// Writes dist/, or the folder named; `pnpm bundle`. BAKERY_COMMIT is the commit of sources that came without git.
import { join, resolve } from 'node:path';
import { bundle } from '../packages/bundle/src/bundle.ts';

const root = join(import.meta.dirname, '..');
const commit = process.env['BAKERY_COMMIT'] || undefined;
await bundle(root, resolve(process.argv[2] ?? join(root, 'dist')), commit);
