// Fills the tables in the READMEs of the actions from their action.yml; part of `pnpm generate`.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillReadme } from '../packages/actions/src/action-docs.ts';
import { actionEntries, actionFolder, readmeOf } from '../packages/actions/src/action-files.ts';

const root = join(import.meta.dirname, '..');
for (const name of actionEntries) {
  const [readme, yaml] = [join(root, readmeOf(name)), join(root, actionFolder(name), 'action.yml')];
  await writeFile(readme, fillReadme(await readFile(readme, 'utf8'), await readFile(yaml, 'utf8')));
}
