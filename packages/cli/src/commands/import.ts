import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { importScript, leftOfTrees, showTrees, withMoreLeft } from '@bakery/core/import.ts';
import { Arch, PinnedImage } from '@bakery/core/names.ts';
import { lintRecipe, loadRecipe } from '@bakery/core/recipe.ts';
import { done, type CommandContext } from '../command-context.ts';
import { compareDraft } from '../compare-draft.ts';
import { printJson } from '../print.ts';
import { writeNewFolder } from '../write-new-folder.ts';

interface Options {
  readonly like?: readonly string[];
  readonly out?: string;
  readonly arch?: Arch;
  readonly image?: string;
  readonly compare: boolean;
}

/** `import PATH`: a recipe out of a script. */
export function importCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('draft a recipe from a script')
      .description(
        'Reads NAME.sysext/create.sh, an extension of flatcar/sysext-bakery or of a fork, and writes a draft of ' +
          'a recipe into recipes/NAME. The script runs in a sandbox without network. Then both ways are tried: what the ' +
          'script wants is downloaded for it, the recipe is built, and what is different in the two trees is told.',
      )
      .argument('<path>', 'the folder NAME.sysext, or its create.sh')
      .option(
        '--like <version...>',
        'two versions the script can build, tried both ways too (default: made-up ones, and the two newest)',
      )
      .option('--out <folder>', 'folder to write, instead of recipes/NAME')
      .addOption(
        new Option('--arch <arch>', 'the only architecture to try both ways (default: all)').choices(
          Arch.options,
        ),
      )
      .option(
        '--image <image>',
        'image for a build, by digest: what can only be run as it is, is run there, with a network, and compared',
      )
      .option('--no-compare', 'download nothing, build nothing and compare nothing')
      .action(
        action(async (path: string, { like = [], out, arch, image, compare }: Options) => {
          const { ports } = await openBakery(globals(), io);
          const script = resolve(io.cwd, path);
          const sandbox = { exec: ports.exec, path: io.env['PATH'] ?? '' };
          const drafted = await importScript(script, like, sandbox, pinned(image));
          const trees = compare
            ? await compareDraft(drafted, { script, versions: like, arch }, globals(), io)
            : { why: '--no-compare' };
          const imported = withMoreLeft(drafted, leftOfTrees(trees));
          const recipes = resolve(io.cwd, globals().recipes?.at(-1) ?? 'recipes');
          const folder = out === undefined ? join(recipes, imported.name) : resolve(io.cwd, out);
          const hint = 'choose another folder with --out';
          await writeNewFolder(folder, imported, { shown: relative(io.cwd, folder), hint });
          const found = await lintIt(folder, io.cwd);
          if (globals().json === true) {
            printJson(io.out, { folder, left: imported.left, findings: found, trees });
            return done;
          }
          const shown = relative(io.cwd, folder);
          io.out.write(imported.files.map((file) => `${join(shown, file.path)}\n`).join(''));
          io.err.write(imported.left.map((line) => `left to decide: ${line}\n`).join(''));
          io.err.write(found.map((line) => `${line}\n`).join(''));
          io.err.write(showTrees(trees));
          io.err.write(`Next: ${join(shown, 'README.md')} says what is left to decide\n`);
          return done;
        }),
      );
}

function pinned(image: string | undefined): string | undefined {
  const problem = PinnedImage.optional().safeParse(image).error?.issues[0]?.message;
  if (problem === undefined) return image;
  throw new UserError('input.invalid', `--image ${image}: ${problem}`);
}

async function lintIt(folder: string, cwd: string): Promise<string[]> {
  try {
    const findings = await lintRecipe(await loadRecipe(folder, cwd));
    return findings.map(
      ({ place, severity, code, message }) => `${showPlace(place)} ${severity}: ${message} [${code}]`,
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message];
  }
}
