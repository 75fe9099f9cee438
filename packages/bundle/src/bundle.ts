import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'rolldown';
import { actionEntries } from '@bakery/actions/action-files.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { ownVersion } from '@bakery/core/src/release/create/own-version.ts';

/**
 * Bundles the actions and the CLI into `folder`, so that nobody who uses a tag waits for packages. The bundle says its
 * commit itself: that of the checkout at `root`, or `commit` where no git is.
 */
export async function bundle(root: string, folder: string, commit?: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const entries = [
    ...[...actionEntries, 'report-rot', 'build-site', 'rebuild-version', 'remember-rebuilds'].map(
      (name) => `actions/src/${name}`,
    ),
    'cli/src/main',
  ];
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
  const version = await ownVersion({ exec: spawnExec(process.env), env: process.env }, root);
  const manifest = {
    name: 'sysext-bakery',
    type: 'module',
    ...(commit === undefined ? {} : { commit }),
    ...version,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
