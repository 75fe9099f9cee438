import { resolve } from 'node:path';
import { UserError } from '@bakery/core/diagnostics.ts';
import { whatStandsAt } from '@bakery/core/lifetime.ts';

/** UserError unless what an option names is a file: said before anything that takes long. */
export async function requireFile(option: string, file: string | undefined, cwd: string): Promise<void> {
  if (file === undefined) return;
  const found = await whatStandsAt(resolve(cwd, file));
  if (found !== 'a file')
    throw new UserError('input.invalid', `${option}: expected a file, found ${found} at ${file}`);
}
