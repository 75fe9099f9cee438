import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import type { Exec, Finished } from '../ports/exec.ts';
import { endedWith } from '../ports/last-lines.ts';

export interface GpgContext {
  readonly exec: Exec;
  /** For scratch files. */
  readonly tmpdir: string;
}

/** The gpg program with a home of its own: nothing of the user’s is read or changed. Its agent ends with it. */
export interface GpgHome extends AsyncDisposable {
  /** Resolves whatever the exit code is. `input` goes to stdin, a passphrase as well as a key. */
  run(args: readonly string[], input?: string): Promise<Finished>;
  /** The same; UserError with what gpg said unless it ends with 0. `what` begins the message. */
  must(what: string, args: readonly string[], input?: string): Promise<string>;
  /** Writes a file into the home, for gpg to read. */
  place(name: string, content: string | Uint8Array): Promise<string>;
  /** A path in the home. */
  at(name: string): string;
}

export async function openGpgHome({ exec, tmpdir }: GpgContext): Promise<GpgHome> {
  const folder = await scratchFolder(tmpdir.length > longestParent ? '/tmp' : tmpdir);
  await chmod(folder.path, 0o700);
  const at = (name: string): string => join(folder.path, name);
  const run: GpgHome['run'] = (args, input = '') =>
    exec.run('gpg', ['--homedir', folder.path, '--no-options', '--batch', '--no-tty', ...args], { input });
  return {
    run,
    must: async (what, args, input) => {
      const { code, stdout, stderr } = await run(args, input);
      if (code === 0) return stdout;
      throw new UserError('signing.failed', `${what}: gpg ${endedWith(code)}: ${lastWords(stderr)}`);
    },
    at,
    place: async (name, content) => {
      await writeFile(at(name), content, { mode: 0o600 });
      return at(name);
    },
    [Symbol.asyncDispose]: async () => {
      // Fails where gpg came without it; then there is no agent either.
      await exec.run('gpgconf', ['--homedir', folder.path, '--kill', 'all']).catch(() => undefined);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/**
 * In characters: the longest of the agent’s sockets, `S.gpg-agent.browser`, must stay below 108, and the name of a
 * scratch folder takes up to 70 of them where the machine has run for years.
 */
export const longestParent = 16;

/** What gpg complained of, on one line. */
export function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('[GNUPG:]'))
    .slice(-3)
    .join(' / ');
}
