import { execFileSync } from 'node:child_process';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './patience.ts';

/** A terminal with a program in it, and a person at the keys. */
export interface Terminal extends Disposable {
  /** All that stands there, what has scrolled away included. */
  readonly screen: () => string;
  /** Types a line, with Enter. */
  readonly type: (line: string) => void;
  /** Waits until it shows this; an error holds the whole screen. */
  readonly shows: (what: RegExp) => Promise<void>;
  /** Resolves to the exit code once the program has ended. */
  readonly ended: () => Promise<number>;
}

const lookMs = 300; // each look at the screen is a process

/** Starts a program in a terminal of tmux's that belongs to nobody else. */
export function openTerminal(
  argv: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Terminal {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'terminal-'));
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', join(folder.path, 'socket'), '-f', '/dev/null', ...args], {
      cwd,
      env: { ...env, TERM: 'xterm' },
      encoding: 'utf8',
    });
  const keep = ['set-option', '-g', 'remain-on-exit', 'on', ';'];
  // As an array tmux starts the program itself; a single word would go through a shell.
  tmux(...keep, 'new-session', '-d', '-x', '150', '-y', '50', '/usr/bin/env', ...argv);
  const screen = (): string => tmux('capture-pane', '-p', '-J', '-S', '-');
  const told = (what: string): string => tmux('display-message', '-p', `#{${what}}`).trim();
  const isOver = (): boolean => told('pane_dead') === '1';
  return {
    screen,
    type: (line) => {
      tmux('send-keys', '-l', line);
      tmux('send-keys', 'Enter');
    },
    shows: async (what) => {
      await until(String(what), () => what.test(screen()) || isOver(), lookMs).catch((cause: unknown) => {
        throw new Error(`expected ${what} on the terminal, it shows\n${screen()}`, { cause });
      });
      if (!what.test(screen())) throw new Error(`expected ${what} on the terminal, it ended\n${screen()}`);
    },
    ended: async () => {
      await until(argv.join(' '), isOver, lookMs);
      return Number(told('pane_dead_status'));
    },
    [Symbol.dispose]: () => {
      tmux('kill-server');
      folder.remove();
    },
  };
}
