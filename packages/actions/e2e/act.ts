import { spawn } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const here = join(import.meta.dirname, '../../..');

export interface ActRequest {
  readonly repository: string;
  readonly workflow: string;
  /** As text, whatever their type, as in GitHub’s event. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Seen by every step. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  /** Beside the token. What is masked on GitHub is not masked here, so that it can be looked for. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** `owner/repo@ref` → folder. */
  readonly actions: Readonly<Record<string, string>>;
  /** What GitHub counts up. */
  readonly id: number;
  /** A folder for what the run leaves. */
  readonly artifacts: string;
}

export interface Run {
  readonly ok: boolean;
  /** Result of every job that ran, by its name; `Build alpha 1.1.0 arm64`. */
  readonly jobs: Readonly<Record<string, 'success' | 'failure'>>;
  readonly steps: readonly Step[];
  /** The step summaries, in the order they were written. */
  readonly summary: string;
  readonly log: string;
  /** What each job said, by its name. */
  readonly said: Readonly<Record<string, string>>;
}

export interface Step {
  readonly job: string;
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'skipped';
}

/** What act says in a line of its log, as far as we look. */
const Line = z.object({
  msg: z.string().default(''),
  job: z.string().optional(),
  jobResult: z.string().optional(),
  step: z.string().optional(),
  /** Of the step and, before it, of the composite steps it is in. */
  stepID: z.array(z.string()).optional(),
  stepResult: z.enum(['success', 'failure', 'skipped']).optional(),
});

/** Runs a workflow of the git repository at `repository` in host mode: its jobs are processes of this machine. */
export async function runAct(request: ActRequest): Promise<Run> {
  const { repository, workflow, inputs = {}, env, token, secrets = {}, actions, id, artifacts } = request;
  await using folder = await mkdtempDisposable(join(tmpdir(), 'act-'));
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at('event.json'), JSON.stringify({ inputs }));
  const all = Object.entries({ GITHUB_TOKEN: token, ...secrets });
  await writeFile(at('secrets'), all.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join(''));
  const labels = ['ubuntu-24.04', 'ubuntu-24.04-arm'];
  const seen = { ...env, GITHUB_RUN_ID: String(id), STAND_IN_ARTIFACTS: artifacts };
  const args = [
    'workflow_dispatch',
    '--json',
    '--no-cache-server',
    '--insecure-secrets',
    `--workflows=.github/workflows/${workflow}`,
    `--eventpath=${at('event.json')}`,
    `--secret-file=${at('secrets')}`,
    `--action-cache-path=${at('cache')}`,
    ...labels.map((label) => `--platform=${label}=-self-hosted`),
    ...Object.entries(seen).map(([name, value]) => `--env=${name}=${value}`),
    ...Object.entries(actions).map(([action, path]) => `--local-repository=${action}=${path}`),
  ];
  const child = spawn(join(here, 'scripts/act'), args, {
    cwd: repository,
    // The node of this test first: act runs actions with the first one on PATH.
    env: { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { ok: (await ended) === 0, ...readLog(out + err) };
}

function readLog(log: string): Pick<Run, 'jobs' | 'steps' | 'summary' | 'log' | 'said'> {
  const jobs: Record<string, 'success' | 'failure'> = {};
  const steps: Step[] = [];
  const summary: string[] = [];
  const lines: string[] = [];
  const said: Record<string, string> = {};
  for (const line of log.split('\n')) {
    const parsed: z.infer<typeof Line> = line.startsWith('{') ? Line.parse(JSON.parse(line)) : { msg: line };
    const name = parsed.job
      ?.split('/')
      .at(-1)
      ?.replace(/-\d+\s*$/, '')
      .trim();
    // By its steps: act has one result for all jobs of a matrix.
    if (parsed.stepResult === 'failure' && name !== undefined) jobs[name] = 'failure';
    const { step, stepID, stepResult } = parsed;
    if (step !== undefined && stepResult !== undefined && stepID?.length === 1 && name !== undefined)
      steps.push({ job: name, name: step, conclusion: stepResult });
    if (parsed.jobResult !== undefined && name !== undefined) jobs[name] ??= 'success';
    const [, chapter] = /⚙ {2}Summary - ([^]*)$/.exec(parsed.msg) ?? [];
    // A composite step says its summary once more for the whole.
    if (chapter !== undefined && !summary.includes(chapter)) summary.push(chapter);
    lines.push(`${name ?? ''}: ${parsed.msg.trimEnd()}`);
    if (name !== undefined) said[name] = `${said[name] ?? ''}${parsed.msg}\n`;
  }
  return { jobs, steps, summary: summary.join('\n'), log: lines.join('\n'), said };
}
