import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { context } from '@actions/github';
import type { Environment } from '@bakery/core/bakery.ts';
import { githubClient, githubConfig } from '@bakery/core/github.ts';
import { nextStatus, readStatus, type Status, statusFile, writeStatus } from '@bakery/core/release.ts';
import { extensionsInput, requiredInput } from './input.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { planIssues } from './rot-issues.ts';
import { runAction } from './run-action.ts';
import { RunStory } from './run-story.ts';
import { writeSummary } from './summary.ts';

/** Remembers what fails, and has one issue for each extension that fails night after night. */
await runAction(process, async (io) => {
  const story = RunStory.parse(JSON.parse(await readFile(resolve(io.cwd, requiredInput('story')), 'utf8')));
  const looked = extensionsInput('extensions');
  const { store, issues, releaseList } = await openFromInputs(io);
  const list = await releaseList();
  const now = Date.now();
  const status = nextStatus(
    await readStatus(store),
    {
      ...story,
      looked: looked === 'all' ? [] : looked,
      ...(list.length === 0 ? {} : { listed: new Set(list.map(({ name }) => name)) }),
    },
    now,
  );
  const failing = Object.entries(status.failing);
  const written = await writeStatus(store, status);
  log.info(
    `${failing.length} extensions are not well; ${statusFile}: ${typeof written === 'string' ? written : 'waits'}`,
  );
  if (issues === false) return;

  const run = `${context.serverUrl}/${context.repo.owner}/${context.repo.repo}/actions/runs/${context.runId}`;
  const text = await raiseIssues(status, { ...issues, now, run }, io).catch((error: unknown) => {
    if (!areOff(error)) throw error;
    return 'Nobody was told: issues are off in this repository, as in every fork until they are turned on (Settings, General).';
  });
  await writeSummary([
    {
      title: 'Not well',
      head: ['extension', 'version', 'since', 'why'],
      rows: failing.map(([name, { version, since, why }]) => [name, version, since, why]),
    },
    { title: 'Issues', text },
  ]);
});

interface Raising {
  readonly label: string;
  readonly after: number;
  readonly now: number;
  readonly run: string;
}

/** Opens, updates and closes issues; says what it did. */
async function raiseIssues(
  status: Status,
  { label, after, now, run }: Raising,
  io: Environment,
): Promise<string> {
  const { octokit } = githubClient(githubConfig(io.env), { report: io.report });
  const query = { ...context.repo, state: 'all', labels: label, per_page: 100 } as const;
  const known = (await octokit.paginate(octokit.issues.listForRepo, query)).map((issue) => ({
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    isOpen: issue.state === 'open',
    created: issue.created_at,
  }));
  const plan = planIssues(status, known, { after, now, run });
  for (const { title, body } of plan.open) {
    const { data } = await octokit.issues.create({ ...context.repo, title, body, labels: [label] });
    log.info(`opened ${data.html_url}`);
  }
  for (const { number, body } of plan.update)
    await octokit.issues.update({ ...context.repo, issue_number: number, body });
  for (const { number, body } of plan.close) {
    const closed = { state: 'closed', state_reason: 'completed' } as const;
    await octokit.issues.update({ ...context.repo, issue_number: number, body, ...closed });
  }
  return `${plan.open.length} opened, ${plan.update.length} brought up to date, ${plan.close.length} closed.`;
}

/** GitHub’s word for a repository without issues is 410. */
function areOff(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 410;
}
