import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';

/** Sources as their authors released them. */
export interface DebianSource {
  /** As its authors write it, `3.3.2`. */
  readonly version: string;
  /** A tar, compressed, with one folder on top. */
  readonly path: string;
}

const exec = spawnExec(process.env);

/**
 * Downloads sources of Debian into `folder`, by apt with its own mirrors and keys: of each list the first that a
 * mirror has, `bird3` or `bird3/trixie-backports`. A mirror may lack what an index of it names.
 */
export async function debianSources(
  wanted: readonly (readonly string[])[],
  folder: string,
): Promise<DebianSource[]> {
  const [addSuites, download] = [join(folder, 'add-suites'), join(folder, 'download')];
  await writeFile(addSuites, addSuitesScript, { mode: 0o755 });
  await writeFile(download, downloadScript(wanted, folder), { mode: 0o755 });
  const hooks = [`--setup-hook=${addSuites}`, `--customize-hook=${download}`];
  await runChecked(exec, 'mmdebstrap', [
    '--variant=custom',
    '--format=null',
    ...hooks,
    'trixie',
    '/dev/null',
  ]);
  const files = await readdir(folder);
  return wanted.map((choices) => {
    const names = new Set(choices.map((choice) => choice.split('/')[0]));
    const found = files
      .map((file) => /^([^_]+)_([^_]+)\.orig\.tar\.\w+$/.exec(file))
      .find((match) => names.has(match?.[1]));
    const [file, , version] = found ?? [];
    if (file === undefined || version === undefined)
      throw new Error(`${choices.join(', ')}: no mirror has it`);
    return { version, path: join(folder, file) };
  });
}

// Hooks of mmdebstrap get the folder of a root, here with nothing in it but the settings of apt.
const addSuitesScript = `#!/bin/sh
set -eu
cd "$1/etc/apt"
for suite in trixie trixie-backports bookworm; do
  sed -n "s/^deb \\(.*\\) trixie main.*/deb-src \\1 $suite main/p" sources.list
done >sources.list.d/sources.list
`;

function downloadScript(wanted: readonly (readonly string[])[], folder: string): string {
  const lines = wanted.map((choices) =>
    choices.map((choice) => `apt-get source --quiet=2 --tar-only --download-only ${choice}`).join(' || '),
  );
  return `#!/bin/sh\nset -eu\nexport APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"\ncd '${folder}'\n${lines.join('\n')}\n`;
}
