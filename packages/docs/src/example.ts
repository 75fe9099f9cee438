import { fileUrls } from '@bakery/core/hub.ts';
import { type Arch, imageName, releaseTag } from '@bakery/core/names.ts';
import type { Recipe } from '@bakery/core/recipe.ts';
import { transferFiles } from '@bakery/core/sysupdate.ts';
import { butane } from '@bakery/install/butane.ts';
import { staticConfig, updatingConfig, type Installable } from '@bakery/install/extension-config.ts';

/** Where a bakery publishes, in examples; a reader puts in their own. */
export const hub = 'https://HUB/extensions';

export interface Example extends Pick<Installable, 'wanted' | 'services'> {
  readonly recipe: Recipe;
  readonly version: string;
  readonly arch: Arch;
}

/** The Butane configuration of an image that stays. */
export function staticExample(example: Example): string {
  return butane(staticConfig(installable(example)));
}

/** The Butane configuration of an image that is kept up to date. */
export function updatingExample(example: Example): string {
  return butane(updatingConfig(installable(example)));
}

function installable({ recipe, version, arch, wanted, services }: Example): Installable {
  const { name, masks } = recipe;
  const file = imageName({ name, version, arch });
  const transfer = `${name}.conf`;
  requireTransfer(name, transfer);
  return {
    name,
    image: { file, url: urlOf(releaseTag(name, version), file) },
    transfer: { source: urlOf(name, transfer) },
    afterUpdate: recipe['after-update'],
    wanted,
    services,
    masks,
  };
}

function urlOf(tag: string, name: string): string {
  const [url = ''] = fileUrls(hub, tag, name);
  return url;
}

function requireTransfer(name: string, wanted: string): void {
  const files = transferFiles({ name, url: `${hub}/${name}/` });
  if (!files.some((one) => one.name === wanted))
    throw new Error(`${name}: expected a transfer file ${wanted}`);
}
