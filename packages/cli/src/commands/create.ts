import { basename, dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { showBytes, UserError } from '@bakery/core/diagnostics.ts';
import { temporaryName } from '@bakery/core/image.ts';
import { writeFileAtomically } from '@bakery/core/lifetime.ts';
import { Arch, defaultArch, requireExtensionName } from '@bakery/core/names.ts';
import { type LoadedRecipe, type Os, OsArgument } from '@bakery/core/recipe.ts';
import {
  chooseOptions,
  type Created,
  createImage,
  findVersion,
  requireOwn,
  requirePackable,
  transferFilesOf,
} from '@bakery/core/release.ts';
import { formatManifest } from '@bakery/core/sysupdate.ts';
import { done, type CommandContext } from '../command-context.ts';
import { addImageOptions, imageSettings, type ImageOptions } from '../image-options.ts';
import { parsedBy } from '../parsed-by.ts';
import { printJson } from '../print.ts';

interface Options extends ImageOptions {
  readonly arch: Arch;
  readonly name?: string;
  readonly outputFile?: string;
  readonly os?: Os;
  readonly forceReload?: boolean;
  readonly sysupdate?: boolean;
  readonly force?: boolean;
}

/** `create EXT VERSION`: one image, in the current folder. `loaded` is the recipe whose options it offers. */
export function createCommand(
  { io, globals, action }: CommandContext,
  loaded?: LoadedRecipe,
): (command: Command) => Command {
  const recipeOptions = Object.entries(loaded?.recipe.options ?? {});
  return (command) => {
    addImageOptions(command)
      .summary('build one image')
      .description(
        'Builds the image of EXT at VERSION into the current folder: NAME.raw, its SHA256SUMS.NAME and NAME.inputs.json.' +
          (loaded === undefined ? '\nWith EXT named, this help shows the options of its recipe too.' : ''),
      )
      .argument('<ext>', 'extension')
      .argument('<version>', 'version, with or without "v", or "latest"')
      .addOption(
        new Option('--arch <arch>', 'architecture of the host').choices(Arch.options).default(defaultArch),
      )
      .option('--name <name>', 'name of the image and its file (default: EXT)')
      .option('--output-file <name>', 'file name of the image, with or without .raw (default: NAME.raw)')
      .option(
        '--os <id>',
        'the only OS it fits: ID:VERSION or ID:rolling, as in its os-release (default: _any)',
        parsedBy(OsArgument),
      )
      .option('--force-reload', 'reload the service manager on merge, whatever the recipe says')
      .option('--sysupdate', 'write the sysupdate files beside the image')
      .option('--force', 'overwrite files of these names even if an earlier create did not write them');
    for (const [name, { help, values, default: standard }] of recipeOptions) {
      const option = new Option(`--${name} <value>`, `${help}${showDefault(standard)}`);
      command.addOption(values === undefined ? option : option.choices(values));
    }
    if (recipeOptions.length > 0) {
      command.addHelpText(
        'after',
        `\nOptions of the recipe: ${recipeOptions.map(([name]) => `--${name}`).join(', ')}`,
      );
    }
    return command.action(
      action(async (extension: string, version: string, options: Options) => {
        const bakery = await openBakery(globals(), io);
        // It was read for its options already.
        const isLoaded = loaded !== undefined && loaded.folder === bakery.recipeBook.folder(extension);
        const found = isLoaded ? loaded : await bakery.recipeBook.find(extension);
        const given = givenOptions(found, command.opts());
        // Before upstream is asked for anything.
        requireNames(found, options);
        requirePackable(imageSettings(options), found);
        const created = await create(
          found,
          await findVersion(found, version, { upstream: bakery.upstream, report: bakery.ports.report }),
          options,
          given,
          bakery,
          io.cwd,
        );
        if (globals().json === true) printJson(io.out, { path: created.path, ...created.inputs });
        else
          io.out.write(
            `${created.path}  ${showBytes(created.inputs.size)}  sha256:${created.inputs.sha256}\n`,
          );
        return done;
      }),
    );
  };
}

async function create(
  loaded: LoadedRecipe,
  version: string,
  options: Options,
  given: Readonly<Record<string, string>>,
  bakery: Bakery,
  folder: string,
): Promise<Created> {
  const { recipe } = loaded;
  const { report } = bakery.ports;
  const name = options.name ?? recipe.name;
  const file = plainFile((options.outputFile ?? name).replace(/\.raw$/, ''));
  const at = (text: string): string => resolve(folder, text);
  const transfers =
    options.sysupdate === true
      ? transferFilesOf({ ...recipe, name }, [version], bakery, await bakery.isToBeSigned())
      : [];
  const output = {
    image: at(`${file}.raw`),
    sums: at(`SHA256SUMS.${name}`),
    record: at(`${file}.inputs.json`),
    texts: new Map(transfers.map((transfer) => [at(transfer.name), transfer.text])),
  };
  if (options.force !== true) await requireOwn(output);
  return report.group(`Build ${recipe.name} ${version} for ${options.arch}`, async () => {
    const created = await createImage(
      {
        loaded,
        version,
        arch: options.arch,
        options: await chooseOptions(recipe, version, bakery.upstream, given),
        settings: imageSettings(options),
        output: output.image,
        name,
        ...(options.os === undefined ? {} : { os: options.os }),
        ...(options.forceReload === undefined ? {} : { reload: options.forceReload }),
        announce: ({ sha256 }) =>
          write(output.sums, formatManifest([{ name: basename(output.image), sha256 }])),
      },
      { ...bakery.create, largestImage: undefined }, // nobody publishes it
    );
    for (const { place, message } of created.warnings) report.warn(`${place.file}: ${message}`);
    await write(output.record, `${JSON.stringify(created.inputs, undefined, 2)}\n`);
    if (options.sysupdate === true) warnOfLoopback(name, bakery);
    for (const [path, text] of output.texts) await write(path, text);
    return created;
  });
}

function requireNames({ recipe }: LoadedRecipe, { name = recipe.name, outputFile = name }: Options): void {
  requireExtensionName(name);
  plainFile(outputFile.replace(/\.raw$/, ''));
}

/** The recipe’s own options among all that were given; commander turns `a-b` into `aB`. */
function givenOptions(
  { recipe }: LoadedRecipe,
  opts: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.keys(recipe.options).flatMap((name) => {
      const value = opts[name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function plainFile(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._+@-]*$/.test(name)) return name;
  throw new UserError(
    'input.invalid',
    `--output-file: expected a file name of letters, digits, ".", "_", "+", "@" and "-", got "${name}"`,
  );
}

function warnOfLoopback(name: string, { hub, store, ports }: Bakery): void {
  const url = hub ?? store.indexUrl(name);
  if (new URL(url).hostname !== '127.0.0.1') return;
  ports.report.warn(
    `${name}.conf sends hosts to ${url}, which only this machine can reach: --hub, or hub: in bakery.yaml, says where hosts look`,
  );
}

function showDefault(standard: unknown): string {
  if (standard === undefined) return '';
  return typeof standard === 'string' ? ` (default: ${standard})` : ' (default: the newest)';
}

function write(path: string, text: string): Promise<void> {
  return writeFileAtomically(path, join(dirname(path), temporaryName(basename(path))), text);
}
