import * as core from '@actions/core';
import {
  publishedExtensions,
  requireKnown,
  showRunsLeft,
  updateMetadata,
  whatWaits,
} from '@bakery/core/release.ts';
import { showFailure } from './failure.ts';
import { extensionsInput } from './input.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { runAction } from './run-action.ts';
import { signatureChapter } from './signature-chapter.ts';
import { writeSummary } from './summary.ts';

/** What hosts read, regenerated from what is published: extensions, then the index of everything. */
await runAction(process, async (io) => {
  const bakery = await openFromInputs(io);
  const asked = extensionsInput('extensions');
  const extensions =
    asked === 'all' ? await publishedExtensions({ ...bakery, names: bakery.recipeBook.names }) : asked;
  if (asked !== 'all') await requireKnown(asked, bakery);
  const {
    written,
    postponed,
    runsLeft,
    failures,
    retired = [],
  } = await io.report.group(`Update the metadata in ${bakery.store.name}`, () =>
    updateMetadata(extensions, bakery),
  );
  const failed = failures.map(({ name, error }) => ({
    extension: name,
    version: 'metadata',
    why: showFailure(error, `${name}: `),
  }));
  core.setOutput('failed', JSON.stringify(failed));
  for (const one of postponed) log.warning(`${one.name}: ${whatWaits(one)}; the next run goes on`);
  if (runsLeft !== undefined) log.warning(showRunsLeft(runsLeft));
  core.setOutput('written', JSON.stringify(written));
  log.info(
    written.length + postponed.length === 0
      ? 'all metadata is as it should be'
      : `written: ${written.join(', ')}`,
  );
  await writeSummary([
    {
      title: 'Metadata',
      text: `${extensions.length} extensions looked at, ${written.length} releases written, ${failed.length} failed. ${showRunsLeft(runsLeft)}`.trimEnd(),
    },
    await signatureChapter(bakery),
    { title: 'Written', head: ['release'], rows: written.map((tag) => [tag]) },
    {
      title: 'Left to the next run',
      head: ['release', 'what'],
      rows: postponed.map((one) => [one.name, whatWaits(one)]),
    },
    {
      title: 'Retired',
      head: ['extension', 'version', 'what', 'why'],
      rows: retired.map(({ name, version, why, isRemoved }) => [
        name,
        version,
        isRemoved ? 'removed from the store' : 'in no index any more',
        why,
      ]),
    },
    {
      title: 'Failed',
      head: ['extension', 'why'],
      rows: failed.map(({ extension, why }) => [extension, why]),
    },
  ]);
  if (failed.length > 0) process.exitCode = 1;
});
