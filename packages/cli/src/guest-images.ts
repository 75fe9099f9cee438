import { copyFile, link, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { type Arch, parseHostImageName } from '@bakery/core/names.ts';
import { type Listening, serveFolder } from '@bakery/core/serve.ts';
import type { KnownRecipe } from '@bakery/core/trial.ts';
import { staticConfig } from '@bakery/install/extension-config.ts';
import type { GuestWishes } from '@bakery/install/guest-ignition.ts';
import { hostUnits } from '@bakery/install/host-units.ts';
import { settingsOf } from '@bakery/install/setup.ts';
import type { BuiltImage, NamedImage } from './images-of.ts';
import { recipeOf } from './images-to-try.ts';

/** How a guest reaches servers on this machine: https://www.qemu.org/docs/master/system/devices/net.html */
const hostSeenFromGuest = '10.0.2.2';
/** Where configurations written for the reference’s boot look for images. */
const usualPort = 12_345;

/** Serves images to a guest; `isNamed` when somebody wrote the address down, so that no other port will do. */
export async function serveImages(
  images: readonly NamedImage[],
  scratch: string,
  isNamed: boolean,
): Promise<Listening & { readonly seenFromGuest: string }> {
  const folder = join(scratch, 'served');
  await mkdir(folder);
  for (const { path, file } of images) {
    const place = join(folder, file);
    // A copy where it is on another disk; of a symlink, a hard link would be that symlink again.
    await link(await realpath(path), place).catch(() => copyFile(path, place));
  }
  const port = isNamed ? usualPort : 0;
  const server = await serveFolder(folder, { port, stopGrace: 0 }).catch((error: unknown) => {
    if (!(error instanceof UserError) || !isNamed) throw error;
    throw new UserError(error.code, `--butane: images are served at port ${port}: ${error.message}`, {
      hint: 'stop the program that uses it, maybe another bakery boot --butane',
      cause: error,
    });
  });
  return { ...server, seenFromGuest: server.url.replace('127.0.0.1', hostSeenFromGuest) };
}

/** What a host needs for an image, as the page of its extension says; without a recipe the image alone. */
export async function wishOf(
  image: NamedImage | BuiltImage,
  arch: Arch,
  server: string,
  bakery: Bakery,
): Promise<GuestWishes['extensions'][number]> {
  const { name, file } = image;
  const plain = {
    name,
    image: { file, url: `${server}${encodeURIComponent(file)}` },
    transfer: { inline: '' },
    afterUpdate: 'nothing' as const,
  };
  const found = await knownRecipe(image, arch, bakery);
  if (found === undefined) {
    return { config: staticConfig({ ...plain, masks: [], wanted: [], services: [] }) };
  }
  const { loaded, version, options } = found;
  const facts = { version, arch, options };
  const { masks } = loaded.recipe;
  return {
    config: staticConfig({ ...plain, masks, ...(await hostUnits(loaded, facts)) }),
    settings: settingsOf(loaded.recipe, facts),
  };
}

async function knownRecipe(
  image: NamedImage | BuiltImage,
  arch: Arch,
  bakery: Bakery,
): Promise<KnownRecipe | undefined> {
  if ('loaded' in image) return image;
  const { name, path, file } = image;
  const version = parseHostImageName(file, name)?.version;
  const found = await recipeOf({ path, name, arch, version }, bakery);
  if (!('unknown' in found)) return found;
  bakery.ports.report.info(`${file}: only the image itself is set up: ${found.unknown}`);
  return undefined;
}
