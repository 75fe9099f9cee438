import { resolve } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import type { Bakery, HostProcess } from '@bakery/core/bakery.ts';
import { catalogueIn } from '@bakery/core/catalogue.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { githubClient, githubConfig } from '@bakery/core/github.ts';
import { readStatus } from '@bakery/core/release.ts';
import { writeSite } from '@bakery/site/write-site.ts';
import { requiredInput } from './input.ts';
import { openFromInputs } from './open-action.ts';
import { runAction } from './run-action.ts';
import { writeSummary } from './summary.ts';
import { unlessBusy } from './unless-busy.ts';

/** Writes the site of what is published, where GitHub Pages are there to show it. */
await runAction(process, async (io) => {
  const bakery = await openFromInputs(io);
  const found = await unlessBusy('The site stays as it was', () => look(bakery, io));
  if (found === 'busy') return skip('GitHub accepts no more for now, and a later run does it');
  if (typeof found === 'string') return skip(found);
  const folder = resolve(io.cwd, requiredInput('folder'));
  await writeSite(folder, { ...found, recipes: bakery.recipeBook, now: Date.now() });
  core.setOutput('built', true);
  await writeSummary([{ title: 'Site', text: `Of ${found.catalogue.extensions.length} extensions.` }]);
});

/** What is published, or why it is not shown. */
async function look({ site, store }: Bakery, io: HostProcess) {
  const why = site === 'off' ? 'bakery.yaml says site: off' : await whyNoPages(io);
  if (why !== undefined && site === 'required')
    throw new UserError('store.obstacle', `bakery.yaml says site: required: ${why}`);
  if (why !== undefined) return why;
  const catalogue = await catalogueIn(store).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'catalogue.missing') return undefined;
    throw error;
  });
  if (catalogue === undefined) return 'nothing is published yet';
  const { failing, behind } = await readStatus(store);
  return { catalogue, failing, behind };
}

async function skip(why: string): Promise<void> {
  core.setOutput('built', false);
  await writeSummary([{ title: 'Site', text: `Not deployed: ${why}.` }]);
}

/** Why nothing can be deployed; undefined when it can. */
async function whyNoPages(io: HostProcess): Promise<string | undefined> {
  const turnOn = 'Settings, Pages, Source: GitHub Actions';
  const { octokit } = githubClient(githubConfig(io.env), { report: io.report });
  const pages = await octokit.repos.getPages(context.repo).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (pages === undefined) return `GitHub Pages are off (${turnOn})`;
  return pages.data.build_type === 'workflow'
    ? undefined
    : `GitHub Pages show a branch (${turnOn} shows the site)`;
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
}
