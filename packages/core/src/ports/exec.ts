import type { Readable } from 'node:stream';

/** One finished child process. `stdout` and `stderr` are UTF-8 text. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to what `childEnvironment` gives the program; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Bytes of stdout, and of stderr, at most; a program that prints more is ended and fails with a UserError. */
  readonly mostOutput?: number;
  /** Seconds it may take by the clock; a program that takes longer is ended and fails with a UserError. */
  readonly mostSeconds?: number;
  /** Whether a line that it prints is its last: the program is ended, with 128 for its exit code. */
  readonly isLast?: (line: string) => boolean;
  /**
   * The program gets a session of its own, and SIGTERM as soon as this process ends in any way: for one that sends signals
   * to all of its process group, as mmdebstrap does where its output cannot be written.
   */
  readonly isApart?: boolean;
  /** The program has this process’s terminal, and gets SIGTERM as soon as this process ends; nothing that it prints is kept. */
  readonly hasTerminal?: boolean;
  /** Called with each line of output while the process runs. */
  readonly onLine?: (line: string) => void;
}

/** Starts programs. There is no shell anywhere: `args` reach the program as they are. */
export interface Exec {
  /** Resolves whatever the exit code is; rejects only when the program cannot be started. */
  run(program: string, args: readonly string[], options?: ExecOptions): Promise<Finished>;
  /**
   * Streams `input` through a program, e.g. a decompressor. The answer fails with a UserError when the program
   * cannot be started or does not end with 0; destroying it ends the program.
   */
  filter(program: string, args: readonly string[], input: Readable): Readable;
}
