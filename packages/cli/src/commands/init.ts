import { chmod, lstat, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '@bakery/core/diagnostics.ts';
import { makeFolder } from '@bakery/core/lifetime.ts';
import { gitState } from '@bakery/core/release.ts';
import { done, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../run-cli.ts';

interface Options {
  readonly bakery?: string;
}

const placeholder = 'OWNER/REPO';

/** `init [DIR]`: a repository with nothing but recipes. */
export function initCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('start a bakery of your own, in a repository with nothing but recipes')
      .description(
        'Writes into DIR (this folder) what a repository needs that uses the bakery as a workflow: the workflow, the ' +
          'release list, bakery.yaml and a sample recipe. Replaces nothing.',
      )
      .argument('[dir]', 'folder of the repository', '.')
      .option('--bakery <repo>', 'repository on GitHub the workflow comes from, OWNER/REPO or OWNER/REPO@REF')
      .action(
        action(async (asked: string, options: Options) => {
          const template = join(io.ownRecipes, '../template');
          const [repository, ref = 'v1'] = (options.bakery ?? (await ownRepository(template)) ?? '').split(
            '@',
          );
          if (repository === undefined || !/^[\w-]+\/[\w.-]+$/.test(repository) || !/^[\w./-]+$/.test(ref))
            throw new UsageError('init: expected --bakery OWNER/REPO: where the workflow comes from');
          const folder = resolve(io.cwd, asked);
          const files = (await readdir(template, { recursive: true, withFileTypes: true }))
            .filter((entry) => entry.isFile())
            .map((entry) => relative(template, join(entry.parentPath, entry.name)))
            .toSorted();
          await refuseTaken(folder, files);
          const own = (text: string): string =>
            text.replaceAll(`${placeholder}/`, `${repository}/`).replaceAll('.yaml@v1', `.yaml@${ref}`);
          await makeFolder(folder);
          const made: string[] = [];
          try {
            for (const file of files) {
              const [from, to] = [join(template, file), join(folder, file)];
              const text = await readFile(from, 'utf8');
              const above = await mkdir(dirname(to), { recursive: true });
              if (above !== undefined) made.push(above);
              await writeFile(to, own(text), { flag: 'wx' });
              made.push(to);
              await chmod(to, (await stat(from)).mode & 0o755);
            }
          } catch (error) {
            for (const path of made.toReversed()) await rm(path, { recursive: true, force: true });
            throw error;
          }
          const written = files.map((file) => join(asked, file));
          if (globals().json === true) printJson(io.out, written);
          else io.out.write(written.map((path) => `${path}\n`).join(''));
          io.err.write(
            'Next: commit and push it, and enable Actions; bakery new NAME starts another recipe\n',
          );
          return done;
        }),
      );

  async function ownRepository(template: string): Promise<string | undefined> {
    const { repository } = (await gitState(template, ['.'], io)) ?? {};
    return /^https:\/\/github\.com\/([^/]+\/[^/]+)$/.exec(repository ?? '')?.[1];
  }
}

async function refuseTaken(folder: string, files: readonly string[]): Promise<void> {
  const there = await Promise.all(
    files.map((file) =>
      lstat(join(folder, file)).then(
        () => [file],
        () => [],
      ),
    ),
  );
  const [first, ...others] = there.flat();
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new UserError('folder.taken', `${join(folder, first)}${more}: is there already; nothing was changed`);
}
