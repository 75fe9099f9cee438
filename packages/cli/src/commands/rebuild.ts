import { Option, type Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { formats, ImageFormat } from '@bakery/core/image.ts';
import { Arch } from '@bakery/core/names.ts';
import {
  judgedAs,
  publishedInputs,
  rebuildImage,
  recipeToRebuild,
  type Rebuilt,
  rememberRebuilds,
  showRebuilt,
} from '@bakery/core/release.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';

interface Options {
  readonly arch?: Arch;
  readonly publish?: true;
}

/** `rebuild EXT VERSION`: whether a published version comes out again. */
export function rebuildCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('build a published version again and compare')
      .description(
        'Takes the record of a published version, fetches the same artifacts by their hashes, builds its images again ' +
          'and compares. Ends with 0 when bytes are the same, or when files are and another tool or library explains ' +
          'how they are packed; with 1 when a file differs or nothing explains the bytes.',
      )
      .argument('<ext>', 'extension')
      .argument('<version>', 'as published')
      .addOption(new Option('--arch <arch>', 'one image only (default: all there are)').choices(Arch.options))
      .option(
        '--publish',
        'write into the catalogue of the store what came of it (default: nothing is written)',
      )
      .action(
        action(async (name: string, version: string, { arch, publish }: Options) => {
          const bakery = await openBakery(globals(), io);
          const { report } = bakery.ports;
          const inputs = await publishedInputs(name, version, bakery.store);
          const now = await recipeToRebuild(name, bakery);
          const context = { ...bakery.create, store: bakery.store };
          const results: Rebuilt[] = [];
          const arches = Arch.options.filter((one) => inputs.images[one] !== undefined);
          for (const one of arch === undefined ? arches : [arch]) {
            const format = ImageFormat.safeParse(inputs.images[one]?.format).data;
            if (format !== undefined) await bakery.requireTools(formats[format].packs);
            const build = () => rebuildImage(inputs, one, { now, context });
            results.push(await report.group(`Build ${name} ${version} for ${one} again`, build));
          }
          if (publish === true) {
            const judged = await Promise.all(results.map((one) => judgedAs(one, Date.now())));
            const { result, unknown } = await rememberRebuilds(judged, bakery.store);
            for (const _ of unknown)
              report.warn(`${name} ${version}: catalogue.json does not list the rebuilt image`);
            if (typeof result !== 'string') report.warn('catalogue.json: the store accepts no more for now');
          }
          if (globals().json === true) printJson(io.out, results);
          else io.out.write(results.map(showRebuilt).join(''));
          return results.every(({ isExplained }) => isExplained) ? done : failed;
        }),
      );
}
