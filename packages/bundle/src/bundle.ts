import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'rolldown';
import { actionEntries } from '@bakery/actions/action-files.ts';

/** Bundles the actions and the CLI into `folder`, so that nobody who uses a tag waits for packages. */
export async function bundle(root: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const entries = [...actionEntries.map((name) => `actions/src/${name}`), 'cli/src/main'];
  await build({
    // As deep as the sources, so that ../../../recipes is the same folder from here.
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, 'packages', `${entry}.ts`)])),
    platform: 'node',
    output: {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'actions/src/shared-[name].js',
    },
    logLevel: 'warn',
  });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
}
