import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface HeldProcess extends AsyncDisposable {
  readonly pid: number;
}

/**
 * Starts a program that ends up running `cat`, and resolves once `cat` runs. It lives exactly as long as it
 * is held: its input closes with this process, however that ends, so a killed run leaves nothing behind.
 */
export async function holdProcess(program: string, args: readonly string[]): Promise<HeldProcess> {
  const child = spawn(program, [...args, 'cat'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const failed = ended.then(() => {
    throw new Error(`${program} ${args.join(' ')}: ended before it was ready\n${said}`);
  });
  child.stdin.write('ready\n');
  await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed]);
  failed.catch(() => {});

  const { pid } = child;
  if (pid === undefined) throw new Error(`${program}: has no process id`);
  return {
    pid,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
