import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The parts of an Ignition configuration that pages bring about. */
export interface Ignition {
  readonly storage?: {
    readonly files?: readonly {
      readonly path: string;
      readonly mode: number;
      readonly contents: { readonly source: string };
    }[];
    readonly links?: readonly { readonly path: string; readonly target: string; readonly hard: boolean }[];
  };
  readonly systemd?: {
    readonly units: readonly {
      readonly name: string;
      readonly enabled?: boolean;
      readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
    }[];
  };
}

const run = promisify(execFile);
const program = join(import.meta.dirname, '../../../scripts/butane');

/** Builds the real butane unless an earlier call did; takes a minute then. */
export async function prepareButane(): Promise<void> {
  await run(program, ['--version']);
}

/** What the real butane makes of a configuration; fails on warnings too. `name` is for messages. */
export async function ignition(yaml: string, name: string): Promise<Ignition> {
  const running = run(program, ['--strict']);
  running.child.stdin?.end(yaml);
  const { stdout } = await running.catch((error: { stderr: string }) => {
    throw new Error(`${name}: butane said ${error.stderr}\n${yaml}`);
  });
  return JSON.parse(stdout);
}
