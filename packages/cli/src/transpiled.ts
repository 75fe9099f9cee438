import { dirname } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { readNamed } from '@bakery/core/lifetime.ts';

/** Ignition of a Butane file of the user’s. Files that it names lie beside it. */
export async function transpiled(path: string, shown: string, { ports }: Bakery): Promise<string> {
  const yaml = await readNamed(
    path,
    (found) => new UserError('input.invalid', `--butane: expected a file, found ${found} at ${shown}`),
  );
  const { code, stdout, stderr } = await ports.exec
    .run('butane', ['--strict', '--files-dir', dirname(path)], { input: yaml.toString('utf8') })
    .catch((error: unknown) => {
      if (!(error instanceof UserError) || error.code !== 'program.missing') throw error;
      throw new UserError('program.missing', `--butane ${shown}: needs butane, which is not installed`, {
        hint: 'get it from your distribution or https://coreos.github.io/butane/getting-started/',
        cause: error,
      });
    });
  if (code === 0) return stdout;
  throw new UserError(
    'input.invalid',
    `${shown}: expected a configuration that butane takes\n  ${stderr.trim().replaceAll('\n', '\n  ')}`,
  );
}
