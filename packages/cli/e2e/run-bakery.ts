import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExampleBakery } from '@bakery/testbed/example-bakery.ts';

export interface Ended {
  /** `null` when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node.js itself. */
  readonly node?: readonly string[];
}

export const main = join(import.meta.dirname, '../src/main.ts');

/** Starts the real command line as a child process in the user's folder of an example bakery. */
export function startBakery(
  { folder, env }: Pick<ExampleBakery, 'folder' | 'env'>,
  args: readonly string[],
  options: RunOptions = {},
) {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...(options.node ?? []), main, ...args],
    { cwd: folder, env: { ...env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

/** Runs it to its end. */
export async function runBakery(...started: Parameters<typeof startBakery>): Promise<Ended> {
  const child = startBakery(...started);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}

/** Runs what must work; an error holds all it said. */
export async function runWell(...started: Parameters<typeof startBakery>): Promise<Ended> {
  const ended = await runBakery(...started);
  if (ended.code === 0) return ended;
  throw new Error(`bakery ${started[1].join(' ')}: ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
}
