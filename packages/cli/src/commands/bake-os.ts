import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { absent, readPlain, scratchFolder } from '@bakery/core/lifetime.ts';
import { Arch, defaultArch } from '@bakery/core/names.ts';
import { bakeOs, diskFormat, type Extension, parseInstallTo } from '@bakery/core/os-image.ts';
import type { TextFile } from '@bakery/core/sysupdate.ts';
import { toolsFor } from '@bakery/core/tools.ts';
import { done, type CommandContext } from '../command-context.ts';
import { imagesOf, type NamedImage } from '../images-of.ts';

interface Options {
  readonly arch: Arch;
  readonly output?: string;
  readonly installTo: string;
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
          'without VERSION. Needs root.',
      )
      .argument('<os-image>', 'whole disk; it is not changed')
      .argument('<image...>', 'image files, or EXT[:VERSION]')
      .option('--output <file>', 'the new disk (default: baked-OS-IMAGE in this folder)')
      .addOption(
        new Option('--arch <arch>', 'what EXT is built for').choices(Arch.options).default(defaultArch),
      )
      .option(
        '--install-to <partition:folder>',
        'where images go: root or oem, and a folder on it',
        'root:/opt/extensions',
      )
      .action(
        action(async (osImage: string, words: readonly string[], options: Options) => {
          const bakery = await openBakery(globals(), io);
          const installTo = parseInstallTo(options.installTo);
          const image = resolve(io.cwd, osImage);
          const output = resolve(io.cwd, options.output ?? `baked-${basename(osImage)}`);
          await requireFree(output, options.output ?? basename(output));
          if (!io.isRoot) {
            throw new UserError('input.invalid', 'bake-os: expected to be root, which may mount the disk', {
              hint: `sudo bakery bake-os ${osImage} …`,
            });
          }
          const format = await diskFormat(image, osImage);
          await bakery.requireTools(
            toolsFor('os images', ...(format === 'qcow2' ? ['qcow2 images' as const] : [])),
          );
          await using scratch = await scratchFolder(io.tmpdir);
          const images = await imagesOf(words, options.arch, { bakery, io, folder: scratch.path });
          const extensions = await Promise.all(images.map(toExtension));
          const { exec, report } = bakery.ports;
          await bakeOs({ image, format, output, extensions, installTo }, { exec, report, tmpdir: io.tmpdir });
          for (const { name, file } of extensions) io.out.write(`${name}  ${file}\n`);
          io.out.write(`${output}\n`);
          return done;
        }),
      );
}

async function requireFree(path: string, shown: string): Promise<void> {
  if ((await stat(path).catch(absent)) === undefined) return;
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
