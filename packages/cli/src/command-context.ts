import type { Globals } from './globals.ts';
import type { Io } from './io.ts';
import type { ExitCode } from './run-cli.ts';

/** What every command is made with. */
export interface CommandContext {
  readonly io: Io;
  /** Options that stand for the whole program; known once the command runs. */
  readonly globals: () => Globals;
  /** Turns a function into a commander action and keeps the exit code it returns. */
  readonly action: <A extends readonly unknown[]>(
    work: (...args: A) => Promise<ExitCode>,
  ) => (...args: A) => Promise<void>;
}

export const done: ExitCode = 0;
export const failed: ExitCode = 1;
