import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { type Imported, importScript } from '@bakery/core/import.ts';
import { isTaken } from '@bakery/core/lifetime.ts';
import { lintRecipe, loadRecipe } from '@bakery/core/recipe.ts';
import { done, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';

interface Options {
  readonly like?: readonly string[];
  readonly out?: string;
}

/** `import PATH`: a recipe out of a script. */
export function importCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('make a recipe of a script')
      .description(
        'Reads NAME.sysext/create.sh, an extension of flatcar/sysext-bakery or of a fork, and writes a recipe that does ' +
          'the same into recipes/NAME. The script runs in a sandbox without network, and downloads nothing.',
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
          await writeNew(folder, imported, relative(io.cwd, folder));
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

/** Nothing is there, or all of it. */
async function writeNew(folder: string, { files, links }: Imported, shown: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(join(dirname(folder), '.import-'));
  try {
    for (const { path, content, mode } of files) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), content, { mode });
    }
    for (const { path, to } of links) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await symlink(to, join(staging, path));
    }
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
    throw new UserError('folder.taken', `${shown}: is there already; nothing was changed`, {
      hint: 'Choose another folder with --out.',
    });
  }
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
