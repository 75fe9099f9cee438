import { resolve } from 'node:path';
import { context } from '@actions/github';
import { z } from 'zod';
import { rememberRebuilds } from '@bakery/core/release.ts';
import { jsonInput, requiredInput } from './input.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { judgedIn, readVerdicts, RebuildVerdict } from './rebuild-verdict.ts';
import { runAction } from './run-action.ts';
import { unlessBusy } from './unless-busy.ts';

const Planned = z.array(RebuildVerdict.pick({ extension: true, version: true, arch: true }));

/** Tells the catalogue what came of building published images again. */
await runAction(process, async (io) => {
  const planned = jsonInput('planned', Planned) ?? [];
  const run = `${context.serverUrl}/${context.repo.owner}/${context.repo.repo}/actions/runs/${context.runId}`;
  const all = judgedIn(await readVerdicts(resolve(io.cwd, requiredInput('told'))), planned, run);
  if (all.length === 0) return log.info('no image was rebuilt');
  const { store } = await openFromInputs(io);
  const lost = 'The catalogue does not say what came of building images again';
  const remembered = await unlessBusy(lost, () => rememberRebuilds(all, store));
  if (remembered === 'busy') return;
  const { result, unknown } = remembered;
  for (const { extension, version } of unknown)
    log.warning(`${extension} ${version}: the catalogue does not list the rebuilt image`);
  if (typeof result === 'string') log.info(`${all.length} images rebuilt; catalogue.json: ${result}`);
  else log.warning(`${lost}: GitHub accepts no more for now`);
});
