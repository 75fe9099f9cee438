import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { context } from '@actions/github';
import { githubClient, githubConfig } from '@bakery/core/github.ts';
import { nextStatus, readStatus, statusFile, writeStatus } from '@bakery/core/release.ts';
import { extensionsInput, requiredInput } from './input.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { raiseIssues } from './raise-issues.ts';
import { runAction } from './run-action.ts';
import { RunStory } from './run-story.ts';
import { writeSummary } from './summary.ts';
import { unlessBusy } from './unless-busy.ts';

/** Remembers what fails or waits, and has one issue for each extension that fails night after night. */
await runAction(process, async (io) => {
  const story = RunStory.parse(JSON.parse(await readFile(resolve(io.cwd, requiredInput('story')), 'utf8')));
  const looked = extensionsInput('extensions');
  const { store, issues, releaseList } = await openFromInputs(io);
  const list = await releaseList();
  const now = Date.now();
  const outcome = {
    ...story,
    looked: looked === 'all' ? [] : looked,
    ...(list.length === 0 ? {} : { listed: new Set(list.map(({ name }) => name)) }),
  };
  const remembered = await unlessBusy('What fails or waits is not remembered', async () => {
    const status = nextStatus(await readStatus(store), outcome, now);
    return { status, written: await writeStatus(store, status) };
  });
  if (remembered === 'busy') return;
  const { status, written } = remembered;
  const failing = Object.entries(status.failing);
  const behind = Object.entries(status.behind ?? {});
  log.info(
    `${failing.length} extensions are failing, ${behind.length} are behind; ${statusFile}: ${typeof written === 'string' ? written : 'waits'}`,
  );
  if (issues === false) return;

  const run = `${context.serverUrl}/${context.repo.owner}/${context.repo.repo}/actions/runs/${context.runId}`;
  const { octokit } = githubClient(githubConfig(io.env), { report: io.report });
  const text = await raiseIssues(status, { ...issues, now, run }, { ...context.repo, octokit }).catch(
    (error: unknown) => {
      if (!areOff(error)) throw error;
      return 'Nobody was told: issues are off in this repository, as in every fork until they are turned on (Settings, General).';
    },
  );
  await writeSummary([
    {
      title: 'Not well',
      head: ['extension', 'version', 'since', 'why'],
      rows: failing.map(([name, { version, since, why }]) => [name, version, since, why]),
    },
    { title: 'Issues', text },
  ]);
});

/** GitHub’s word for a repository without issues is 410. */
function areOff(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 410;
}
