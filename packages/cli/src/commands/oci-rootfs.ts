import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import { allArches, type Arch, archWords, defaultArch, findArch } from '@bakery/core/names.ts';
import { type BuildContext, ociRootfs, toolsOfBuilds } from '@bakery/core/steps.ts';
import { done, type CommandContext } from '../command-context.ts';
import { inNewFolder } from '../new-folder.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../run-cli.ts';

interface Options {
  readonly arch?: string;
  readonly registry?: string;
  readonly cmd?: string;
  readonly fetch: boolean;
}

/** `oci-rootfs IMAGE FOLDER`: the files of a container image as a folder. */
export function ociRootfsCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('export a container image to a folder')
      .description(
        'Puts the files of a container image into FOLDER, with podman, docker, or skopeo and umoci. They belong\n' +
          'to whoever runs this; devices and setuid bits are left out.',
      )
      .argument('<image>', 'image, with or without its registry')
      .argument('<folder>', 'folder to make')
      .option(
        '--arch <arch>',
        `${allArches.join(' or ')}, or what others call them (default: $ARCH, else ${defaultArch})`,
      )
      .option('--registry <host>', 'where images without one come from (default: $REGISTRY, else docker.io)')
      .option('--cmd <command>', 'shell command to run in the image first (default: $CMD)')
      .option('--no-fetch', 'use a local image, do not pull (also: FETCH=0)')
      .action(
        action(async (image: string, folder: string, options: Options) => {
          const bakery = await openBakery(globals(), io);
          const { ports, path, create } = bakery;
          const cmd = options.cmd ?? io.env['CMD'] ?? '';
          const run = cmd === '' ? undefined : ['sh', '-c', cmd];
          const reference = inRegistry(image, options.registry ?? io.env['REGISTRY'] ?? 'docker.io');
          const step = {
            kind: 'oci-rootfs' as const,
            step: { image: reference, take: {}, ...(run === undefined ? {} : { run }) },
          };
          await bakery.requireTools(await toolsOfBuilds([step], path));
          const output = resolve(io.cwd, folder);
          await using scratch = await scratchFolder(create.scratch);
          const context: BuildContext = {
            ...create.builds,
            offline: create.builds.offline || !options.fetch || io.env['FETCH'] === '0',
            ports,
            path,
            isRoot: io.isRoot,
            name: image,
            version: '',
            arch: readArch(options.arch ?? io.env['ARCH'] ?? defaultArch),
            recipeFolder: io.cwd,
            scratch: scratch.path,
            epoch: 0,
            jobs: 1,
            artifact: noArtifact,
          };
          const found = await inNewFolder(output, folder, () =>
            ociRootfs({ image: reference, run }, output, context),
          );
          if (globals().json === true) printJson(io.out, { path: output, ...found });
          else io.out.write(`${output}  ${found.id}\n`);
          return done;
        }),
      );
}

function noArtifact(): never {
  throw new Error('an image needs no artifact');
}

function readArch(text: string): Arch {
  const arch = findArch(text);
  if (arch !== undefined) return arch;
  throw new UsageError(`--arch: expected one of ${archWords.join(', ')}, got "${text}"`);
}

/** An image whose first part looks like a host has its registry already. */
function inRegistry(image: string, registry: string): string {
  const [first = '', ...rest] = image.split('/');
  if (rest.length > 0 && (first === 'localhost' || /[.:]/.test(first))) return image;
  const isOfficial = registry === 'docker.io' && rest.length === 0;
  return `${registry}/${isOfficial ? 'library/' : ''}${image}`;
}
