import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { endedWith } from '../ports/last-lines.ts';
import type { BuildContext } from './build-context.ts';
import { hintOfEngine } from './engine-trouble.ts';

const shownLines = 20; // of a failed build, enough for a compiler's message

/** Runs something long. When it fails, its log is kept and the end of it shown. */
export async function runLogged(
  program: string,
  args: readonly string[],
  title: string,
  { ports, logs, name, version, arch }: BuildContext,
): Promise<void> {
  const whole = [name, version].filter((part) => part !== '').join(' ');
  const what = `${whole} for ${arch}: ${title}`;
  const path = join(logs, `bakery-log-${`${whole} ${arch}`.replaceAll(/[^\w.+-]/g, '-')}.txt`);
  const log = openSync(path, 'w');
  const last: string[] = [];
  let bytes = 0;
  using progress = ports.report.progress(what);
  const { code } = await ports.exec.run(program, args, {
    onLine: (line) => {
      writeSync(log, `${line}\n`);
      last.push(line);
      if (last.length > shownLines) last.shift();
      bytes += line.length;
      progress.update(bytes);
    },
  });
  closeSync(log);
  if (code === 0) {
    rmSync(path, { force: true });
    return;
  }
  const end = last.map((line) => `  ${line}`).join('\n');
  throw new UserError('build.failed', `${what}: ${endedWith(code)}\n${end}`, {
    hint: [hintOfEngine(end), `the whole log is in ${path}`].filter((one) => one !== undefined).join('; '),
  });
}
