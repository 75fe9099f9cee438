import { Document, isScalar, visit } from 'yaml';
import { fileUrls } from '@bakery/core/hub/address.ts';
import type { Arch } from '@bakery/core/names/arch.ts';
import { imageName, releaseTag } from '@bakery/core/names/file-names.ts';
import type { Recipe } from '@bakery/core/recipe/schema.ts';
import { noopTransfer, transferFiles } from '@bakery/core/sysupdate/transfer.ts';
import { updateUnits, type UnitConfig } from './update-units.ts';
import type { Wanted } from './wanted-links.ts';

/** Where a bakery publishes, in examples; a reader puts in their own. */
export const hub = 'https://HUB/extensions';

export interface Example {
  readonly recipe: Recipe;
  readonly version: string;
  readonly arch: Arch;
  /** Units that the user enables. */
  readonly wanted: readonly Wanted[];
  /** Services that run the image’s programs. */
  readonly services: readonly string[];
}

/** The file and link through which a host has the image, and nothing that ever changes them. */
export function staticConfig(example: Example): string {
  return butane({ files: [image(example)], links: links(example) }, []);
}

/** The same, and what makes systemd-sysupdate replace the image by a newer one. */
export function updatingConfig(example: Example): string {
  const { name } = example.recipe;
  const transfer = `${name}.conf`;
  requireTransfer(name, transfer);
  const files = [
    image(example),
    file(`/etc/sysupdate.${name}.d/${transfer}`, { source: urlOf(name, transfer) }),
    file(`/etc/sysupdate.d/${noopTransfer.name}`, { inline: noopTransfer.text }),
  ];
  const units = updateUnits(name, example.recipe['after-update'], example.services);
  return butane({ files, links: links(example) }, units);
}

/** A Butane configuration for Flatcar as YAML; modes are octal as butane reads them. */
export function butane(
  storage: Readonly<Record<string, readonly unknown[]>>,
  units: readonly UnitConfig[],
  passwd: Readonly<Record<string, readonly unknown[]>> = {},
): string {
  const sections = { passwd: present(passwd), storage: present(storage), systemd: present({ units }) };
  const used = Object.entries(sections).filter(([, lists]) => Object.keys(lists).length > 0);
  // Written as YAML 1.1, in which octal numbers begin with 0.
  const document = new Document(
    { variant: 'flatcar', version: '1.1.0', ...Object.fromEntries(used) },
    { version: '1.1', aliasDuplicateObjects: false },
  );
  visit(document, {
    Pair(_key, { key, value }) {
      if (isScalar(key) && key.value === 'mode' && isScalar(value)) value.format = 'OCT';
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}

function present(lists: Readonly<Record<string, readonly unknown[]>>): Record<string, readonly unknown[]> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

/** A file of the configuration, readable by all by default. */
export function file(
  path: string,
  contents: { readonly source: string } | { readonly inline: string },
  mode = 0o644,
): object {
  return { path, mode, contents };
}

function image(example: Example): object {
  return file(imagePath(example), {
    source: urlOf(releaseTag(example.recipe.name, example.version), imageName(idOf(example))),
  });
}

function links(example: Example): object[] {
  const { recipe, wanted } = example;
  return [
    { path: `/etc/extensions/${recipe.name}.raw`, target: imagePath(example), hard: false },
    ...recipe.masks.map((mask) => ({
      path: `/etc/extensions/${mask}`,
      target: '/dev/null',
      hard: false,
      overwrite: true,
    })),
    ...wanted.map(({ unit, target, path }) => ({
      path: `/etc/systemd/system/${target}.wants/${unit}`,
      target: path,
      hard: false,
    })),
  ];
}

function imagePath(example: Example): string {
  return `/opt/extensions/${example.recipe.name}/${imageName(idOf(example))}`;
}

function idOf({ recipe: { name }, version, arch }: Example): Parameters<typeof imageName>[0] {
  return { name, version, arch };
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
