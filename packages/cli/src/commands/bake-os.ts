import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { channels, type GuestArch, guestArches } from '@bakery/core/guest.ts';
import { readPlain, scratchFolder, whatStandsAt } from '@bakery/core/lifetime.ts';
import { defaultArch } from '@bakery/core/names.ts';
import { bakeOs, diskNameOf, type Extension, parseInstallTo, vendors } from '@bakery/core/os-image.ts';
import type { TextFile } from '@bakery/core/sysupdate.ts';
import { toolsFor } from '@bakery/core/tools.ts';
import { done, type CommandContext } from '../command-context.ts';
import { chosenFlatcar, flatcarDisk, type FlatcarOptions, ownDisk } from '../disk-to-bake.ts';
import { imagesOf, type NamedImage } from '../images-of.ts';
import { openCatalogue } from '../open-catalogue.ts';
import { printJson } from '../print.ts';
import { publishedImages } from '../published-images.ts';
import { requireFile } from '../require-file.ts';

interface Options extends FlatcarOptions {
  readonly arch: GuestArch;
  readonly output?: string;
  readonly installTo: string;
  readonly fetch?: boolean;
}

/** `bake-os IMAGE EXT…`: a copy of an OS image that merges extensions at its first boot. */
export function bakeOsCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('put extensions into a copy of an OS image')
      .description(
        'Copies the disk image of an OS (raw or qcow2; Flatcar, or any with a partition of the type for /) and puts\n' +
          'extensions into it: their images, links in /etc/extensions, and the sysupdate files NAME.conf and NAME.transfer\n' +
          'that lie beside an image. The first boot merges them, without a network. EXT is built first, its newest version\n' +
          'without VERSION. Flatcar is fetched once and its signature checked. Needs root.',
      )
      .argument('<os-image>', 'whole disk, which is not changed, or the word flatcar')
      .argument('<image...>', 'image files, or EXT[:VERSION]')
      .option('--output <file>', 'the new disk (default: baked-OS-IMAGE in this folder)')
      .addOption(
        new Option('--arch <arch>', 'of Flatcar and of what is built')
          .choices(guestArches)
          .default(defaultArch),
      )
      .option(
        '--release <release>',
        `of Flatcar: ${channels.join(', ')}, or a version such as 4459.2.0 (default: stable)`,
      )
      .addOption(
        new Option('--vendor <vendor>', 'the platform of Flatcar’s image (default: generic)').choices(
          vendors,
        ),
      )
      .option('--keys <file>', 'OpenPGP keys to verify Flatcar with, instead of its own')
      .option('--fetch', 'take EXT as it is published, with its sysupdate files: of --hub, or the store')
      .option(
        '--install-to <partition:folder>',
        'where images go: root or oem, and a folder on it',
        'root:/opt/extensions',
      )
      .action(
        action(async (osImage: string, words: readonly string[], options: Options) => {
          const bakery = await openBakery(globals(), io);
          const { arch } = options;
          const installTo = parseInstallTo(options.installTo);
          const flatcar = chosenFlatcar(osImage, options);
          await requireFile('--keys', options.keys, io.cwd);
          const standard = `baked-${flatcar === undefined ? basename(osImage) : diskNameOf(flatcar.vendor)}`;
          const output = resolve(io.cwd, options.output ?? standard);
          await requireFree(output, options.output ?? standard);
          const chosen = flatcar ?? (await ownDisk(resolve(io.cwd, osImage), osImage));
          if (!io.isRoot) {
            throw new UserError('input.invalid', 'bake-os: expected to run as root, which may mount disks', {
              hint: `sudo bakery bake-os ${osImage} …`,
            });
          }
          await bakery.requireTools(toolsFor('os images'));
          await using scratch = await scratchFolder(io.tmpdir);
          const extensions =
            options.fetch === true
              ? await publishedImages(words, arch, {
                  bakery,
                  catalogue: await openCatalogue({}, globals(), io),
                })
              : await Promise.all(
                  (await imagesOf(words, arch, { bakery, io, folder: scratch.path })).map(toExtension),
                );
          const disk = 'vendor' in chosen ? await flatcarDisk(chosen, arch, bakery) : chosen;
          if (disk.format === 'qcow2') await bakery.requireTools(toolsFor('qcow2 images'));
          const { exec, report } = bakery.ports;
          await bakeOs({ ...disk, output, extensions, installTo }, { exec, report, tmpdir: io.tmpdir });
          const put = extensions.map(({ name, file }) => ({ name, file }));
          if (globals().json === true) printJson(io.out, { path: output, extensions: put });
          else io.out.write(`${put.map(({ name, file }) => `${name}  ${file}\n`).join('')}${output}\n`);
          return done;
        }),
      );
}

async function requireFree(path: string, shown: string): Promise<void> {
  if ((await whatStandsAt(path)) === 'none') return;
  throw new UserError(
    'input.invalid',
    `${shown}: expected no such file, as an OS image is never overwritten`,
    {
      hint: 'remove it first, or choose another --output',
    },
  );
}

async function toExtension({ name, path, file }: NamedImage): Promise<Extension> {
  const found = ['conf', 'transfer'].map(async (ending): Promise<TextFile[]> => {
    const update = `${name}.${ending}`;
    const text = await readPlain(join(dirname(path), update), { maxBytes: 1024 * 1024 });
    return text === undefined ? [] : [{ name: update, text: text.toString('utf8') }];
  });
  return { name, path, file, updates: (await Promise.all(found)).flat() };
}
