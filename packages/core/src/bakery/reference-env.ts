import { join } from 'node:path';
import { asUserError } from '../lifetime/file-errors.ts';
import { readPlain } from '../lifetime/read-plain.ts';

interface Known {
  readonly store: string | undefined;
  readonly hub: string | undefined;
}

/**
 * flatcar/sysext-bakery reads `bakery=OWNER/REPO` and `bakery_hub=HOST` from `.env`, which is shell and is not run
 * here. What stands in that of `folder` and is known from nowhere else is told, with what to write instead.
 */
export async function settingsElsewhere(folder: string, { store, hub }: Known): Promise<string | undefined> {
  const text = await textOf(join(folder, '.env'));
  const value = (name: string): string | undefined =>
    new RegExp(`^\\s*(?:export\\s+)?${name}=["']?([^\\s"'#]+)`, 'm').exec(text)?.[1];
  const [repository, host] = [value('bakery'), value('bakery_hub')];
  const instead = [
    ...(repository === undefined || store !== undefined ? [] : [`store: github:${repository}`]),
    ...(host === undefined || hub !== undefined ? [] : [`hub: https://${host}/extensions`]),
  ];
  if (instead.length === 0) return undefined;
  return `.env is not read; to the same effect write into bakery.yaml: ${instead.join(', ')}`;
}

/** What cannot be read is not meant for us: many programs have a file of that name. */
async function textOf(path: string): Promise<string> {
  try {
    return (await readPlain(path, { maxBytes: 1024 * 1024 }))?.toString('utf8') ?? '';
  } catch (error) {
    if (asUserError(error) === undefined) throw error;
    return '';
  }
}
