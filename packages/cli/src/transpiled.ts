import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { copyButaneFiles } from '@bakery/core/guest.ts';
import { readNamed, scratchFolder } from '@bakery/core/lifetime.ts';

interface TranspileContext {
  readonly bakery: Bakery;
  /** Folder for copies of the files that it names. */
  readonly temporary: string;
}

const mostSeconds = 60; // it takes a tenth of one

/** Ignition of a Butane file of the user’s. Files that it names lie beside it, and no link leads out of there. */
export async function transpiled(
  path: string,
  shown: string,
  { bakery, temporary }: TranspileContext,
): Promise<string> {
  const bytes = await readNamed(
    path,
    (found) => new UserError('input.invalid', `--butane: expected a file, found ${found} at ${shown}`),
  );
  const text = bytes.toString('utf8');
  await using scratch = await scratchFolder(temporary);
  const files = join(scratch.path, 'files');
  await mkdir(files);
  await copyButaneFiles(text, { from: dirname(path), to: files, shown });
  const { code, stdout, stderr } = await bakery.ports.exec
    .run('butane', ['--strict', '--files-dir', files], { input: text, mostSeconds })
    .catch((error: unknown) => {
      if (!(error instanceof UserError) || error.code !== 'program.missing') throw error;
      throw new UserError('program.missing', `--butane ${shown}: needs butane, which is not installed`, {
        hint: 'get it from your distribution or https://coreos.github.io/butane/getting-started/',
        cause: error,
      });
    });
  if (code === 0) return stdout;
  const said = stderr.replaceAll(files, dirname(shown)).trim().replaceAll('\n', '\n  ');
  throw new UserError('input.invalid', `${shown}: expected a configuration that butane takes\n  ${said}`);
}
