import { spawn } from 'node:child_process';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface StepResult {
  readonly code: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
}

export interface Step {
  /** Of packages/actions/src, or of dist when there is one. */
  readonly entry: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The checkout to run; this one when left out. */
  readonly root?: string;
}

const here = join(import.meta.dirname, '../../..');

/** Runs an action as its composite step does: the launcher, `INPUT_*`, and the files the runner hands out. */
export async function runStep({ entry, cwd, env, inputs = {}, root = here }: Step): Promise<StepResult> {
  await using files = await mkdtempDisposable(join(tmpdir(), 'step-'));
  const [output, summary] = [join(files.path, 'output'), join(files.path, 'summary')];
  await Promise.all([output, summary].map((file) => writeFile(file, '')));
  const child = spawn(join(root, 'scripts/run-action'), [entry], {
    cwd,
    env: {
      GITHUB_REPOSITORY: 'baker/bakery',
      RUNNER_ARCH: 'X64',
      ...env,
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      // The node that runs this test is new enough.
      PATH: `${join(process.execPath, '..')}:${env['PATH'] ?? process.env['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    code: await ended,
    outputs: parseOutputs(await readFile(output, 'utf8')),
    summary: await readFile(summary, 'utf8'),
    log: out + err,
  };
}

/** `NAME<<MARK`, lines, `MARK`, as @actions/core writes it and the runner reads it. */
function parseOutputs(content: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = content.split('\n');
  while (lines.length > 1) {
    const [, name, mark] = /^([^<]+)<<(.+)$/.exec(lines.shift() ?? '') ?? [];
    if (name === undefined || mark === undefined) throw new Error(`no output file: ${content}`);
    const end = lines.indexOf(mark);
    outputs[name] = lines.splice(0, end).join('\n');
    lines.shift();
  }
  return outputs;
}
