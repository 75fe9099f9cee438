import { join } from 'node:path';
import { hashOf } from '@bakery/core/src/fetch/hashing.ts';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { imageName } from '@bakery/core/src/names/file-names.ts';
import { loadRecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { transferText } from '@bakery/core/src/sysupdate/transfer.ts';
import { type Installable, staticConfig } from '../src/extension-config.ts';
import type { GuestWishes } from '../src/guest-ignition.ts';
import { defaultOptions, hostUnits } from '../src/host-units.ts';
import { type Settings, settingsOf } from '../src/setup.ts';

const ring = Buffer.from('the keys of a feed\n');
const recipes = join(import.meta.dirname, '../../../recipes');

/** Every extension of the repository as if it had one signed version, for the ways onto a host. */
export async function installables(): Promise<readonly Installable[]> {
  return (await everyRecipe()).map(({ installable }) => installable);
}

/** The same with what users supply, as a guest gets it. */
export async function everyExtension(): Promise<GuestWishes['extensions'][number][]> {
  return (await everyRecipe()).map(({ installable, settings }) => ({
    config: staticConfig(installable),
    settings,
  }));
}

async function everyRecipe(): Promise<readonly { installable: Installable; settings: Settings }[]> {
  const book = await loadRecipeBook([recipes]);
  return Promise.all(
    book.names.map(async (name) => {
      const loaded = await book.find(name);
      const [version, arch]: [string, Arch] = ['v1.2.3+k3s1', 'x86-64'];
      const file = imageName({ name, version, arch });
      const options = defaultOptions(loaded.recipe);
      const facts = { version, arch, options };
      const installable = {
        name,
        image: { file, url: `https://hub.example/${name}-${version}/${file}`, sha256: 'a'.repeat(64) },
        transfer: {
          inline: transferText({ name, url: `https://hub.example/${name}/`, verify: true }),
        },
        ring: { source: `data:;base64,${ring.toString('base64')}`, sha256: hashOf(ring) },
        afterUpdate: loaded.recipe['after-update'],
        masks: loaded.recipe.masks,
        ...(await hostUnits(loaded, facts)),
      };
      return { installable, settings: settingsOf(loaded.recipe, facts) };
    }),
  );
}
