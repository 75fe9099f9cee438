import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { importScript } from '@bakery/core/import.ts';
import { lintRecipe, loadRecipe } from '@bakery/core/recipe.ts';
import { done, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { writeNewFolder } from '../write-new-folder.ts';

interface Options {
  readonly like?: readonly string[];
  readonly out?: string;
}

/** `import PATH`: a recipe out of a script. */
export function importCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('draft a recipe from a script')
      .description(
        'Reads NAME.sysext/create.sh, an extension of flatcar/sysext-bakery or of a fork, and writes a draft of ' +
          'a recipe into recipes/NAME. The script runs in a sandbox without network, and downloads nothing.',
      )
      .argument('<path>', 'the folder NAME.sysext, or its create.sh')
      .option('--like <version...>', 'two versions the script can build (default: made-up ones)')
      .option('--out <folder>', 'folder to write, instead of recipes/NAME')
      .action(
        action(async (path: string, { like, out }: Options) => {
          const { ports } = await openBakery(globals(), io);
          const imported = await importScript(resolve(io.cwd, path), like ?? [], {
            exec: ports.exec,
            path: io.env['PATH'] ?? '',
          });
          const recipes = resolve(io.cwd, globals().recipes?.at(-1) ?? 'recipes');
          const folder = out === undefined ? join(recipes, imported.name) : resolve(io.cwd, out);
          const hint = 'choose another folder with --out';
          await writeNewFolder(folder, imported, { shown: relative(io.cwd, folder), hint });
          const found = await lintIt(folder, io.cwd);
          if (globals().json === true) {
            printJson(io.out, { folder, left: imported.left, findings: found });
            return done;
          }
          const shown = relative(io.cwd, folder);
          io.out.write(imported.files.map((file) => `${join(shown, file.path)}\n`).join(''));
          io.err.write(imported.left.map((line) => `left to decide: ${line}\n`).join(''));
          io.err.write(found.map((line) => `${line}\n`).join(''));
          io.err.write(`Next: ${join(shown, 'README.md')} says what is left to decide\n`);
          return done;
        }),
      );
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
