import { mkdtempDisposable } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, find } from '@actions/tool-cache';
import { lock } from '@bakery/core/lifetime.ts';

const tool = 'sysext-bakery';
const layout = '1.0.0'; // of the folder, not of the bakery

/**
 * Where downloads are kept between the jobs of one runner: a folder in its tool cache, as the variable
 * `BAKERY_CACHE`, unless that is set already. Outside of a runner nothing.
 */
export async function downloadCache(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly BAKERY_CACHE?: string }> {
  const { RUNNER_TOOL_CACHE: tools, RUNNER_TEMP: temporary, BAKERY_CACHE: chosen } = env;
  if (!tools || !temporary || chosen) return {};
  // cacheDir empties what is there, so only one job may find that nothing is.
  await using _held = await lock(join(tools, `${tool}.lock`));
  const known = find(tool, layout);
  if (known !== '') return { BAKERY_CACHE: known };
  await using empty = await mkdtempDisposable(join(temporary, 'cache-'));
  return { BAKERY_CACHE: await cacheDir(empty.path, tool, layout) };
}
