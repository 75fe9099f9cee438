import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashOf } from '../../fetch/hashing.ts';
import { allArches } from '../../names/arch.ts';
import { keysExtension } from '../../names/keys-extension.ts';
import { ringNames } from '../../names/ring-names.ts';
import { loadRecipe, parseRecipe, recipeFile } from '../../recipe/load.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { Recipe } from '../../recipe/schema.ts';

const own = `/usr/share/${keysExtension}`;
const service = `${keysExtension}.service`;
const units = '/usr/lib/systemd/system';

/** Paths in an image. */
export const keysFiles = { ring: `${own}/${ringNames[0]}`, former: `${own}/former` } as const;

/** Which ring an image holds: an option, so that the record of each version tells. */
export const ringOption = 'ring';

/** What there is to know of the extension with this ring, without its files. */
export function keysRecipe(ring: Uint8Array): Recipe {
  return parseRecipe(recipeText(ring), `${keysExtension}/${recipeFile}`).recipe;
}

/** The recipe as a folder below `parent`. `former` has the hashes of rings that this one may take the place of. */
export async function writeKeysRecipe(
  parent: string,
  ring: Uint8Array,
  former: readonly string[],
): Promise<LoadedRecipe> {
  const folder = join(parent, keysExtension);
  const files: Readonly<Record<string, string | Uint8Array>> = {
    [recipeFile]: recipeText(ring),
    [`files${keysFiles.ring}`]: ring,
    [`files${keysFiles.former}`]: ['# SHA-256 of the rings before this one', ...former, ''].join('\n'),
    [`files${own}/renew`]: renew,
    [`files${units}/${service}`]: unit,
    [`files${units}/multi-user.target.d/10-${keysExtension}.conf`]: `[Unit]\nUpholds=${service}\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return loadRecipe(folder);
}

/** The hashes in such a list. */
export function formerIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
}

function recipeText(ring: Uint8Array): string {
  const recipe = {
    recipe: 1,
    name: keysExtension,
    summary: 'The public keys of this bakery, for hosts that check its signatures',
    homepage: 'https://www.freedesktop.org/software/systemd/man/latest/sysupdate.d.html',
    license: 'Apache-2.0',
    versions: { from: 'pinned', versions: ['1'] },
    arch: Object.fromEntries(allArches.map((arch) => [arch, ''])),
    options: { [ringOption]: { help: 'SHA-256 of the ring inside.', default: hashOf(ring) } },
    reload: true,
    units: [{ name: service, start: 'merge' }],
    'after-update': 'restart',
  };
  return `${JSON.stringify(recipe, undefined, 2)}\n`;
}

const unit = `[Unit]
Description=Renew the public keys that systemd-sysupdate checks extensions with
Before=systemd-sysupdate.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${own}/renew
`;

// Systemd up to 257 reads one file and no other, so the keys have to get into it. One that holds anything but what this
// feed once handed out is somebody’s: of another feed too, or of the OS.
const renew = `# Puts the keys of this image in the place of those that this feed handed out before. Other files stay as they are.
set -eu
ring=${own}/${ringNames[0]}
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }
for file in ${ringNames.map((name) => `/etc/systemd/${name}`).join(' ')}; do
  [ -f "$file" ] || continue
  old=$(sum "$file")
  [ "$old" != "$(sum "$ring")" ] || continue
  if [ ! -L "$file" ] && grep -qx "$old" ${own}/former; then
    cp "$ring" "$file.new"
    chmod 0644 "$file.new"
    mv -f "$file.new" "$file"
    echo "$file: renewed"
  else
    echo "$file: holds other keys than this feed handed out, and stays; $ring has those of today" >&2
  fi
done
`;
