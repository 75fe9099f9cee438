import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { formats, ImageFormat } from '@bakery/core/image.ts';
import { Arch, releaseTag } from '@bakery/core/names.ts';
import {
  judgedAs,
  publishedInputs,
  rebuildImage,
  recipeToRebuild,
  showRebuilt,
  spoiledAs,
} from '@bakery/core/release.ts';
import { choiceInput, requiredInput } from './input.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { type RebuildVerdict, verdictFile } from './rebuild-verdict.ts';
import { runAction } from './run-action.ts';
import { writeSummary } from './summary.ts';

/** Builds an image that was published again, on this machine, and compares. */
await runAction(process, async (io) => {
  const image = {
    extension: requiredInput('extension'),
    version: requiredInput('version'),
    arch: choiceInput('arch', Arch.options, 'x86-64'),
  };
  const output = resolve(io.cwd, requiredInput('output'));
  const told = await rebuild(image, await openFromInputs(io)).catch((error: unknown) =>
    unbuilt(image, error),
  );
  await mkdir(output, { recursive: true });
  await writeFile(join(output, verdictFile), `${JSON.stringify(told)}\n`);
  await writeSummary([{ title: `Built ${image.extension} ${image.version} again`, text: told.why }]);
  if (told.verdict !== 'unexplained') return log.info(told.why);
  log.error(told.why);
  process.exitCode = 1;
});

const away: ReadonlySet<string> = new Set([
  'fetch.unreachable',
  'fetch.too-slow',
  'fetch.status',
  'fetch.npm',
]);

interface Image {
  readonly extension: string;
  readonly version: string;
  readonly arch: Arch;
}

/** An upstream that is away is no reason for a red run; one that has other bytes by now is. */
function unbuilt(image: Image, error: unknown): RebuildVerdict {
  if (!(error instanceof UserError)) throw error;
  return { ...image, verdict: away.has(error.code) ? 'not built' : 'unexplained', why: error.message };
}

async function rebuild(image: Image, bakery: Bakery): Promise<RebuildVerdict> {
  const { extension, version, arch } = image;
  const tag = releaseTag(extension, version);
  // Why it is not, its own jobs tell.
  if (!(await bakery.store.publishedTags(tag)).has(tag))
    return { ...image, verdict: 'not built', why: `${tag} is not published` };
  const inputs = await publishedInputs(extension, version, bakery.store);
  const format = ImageFormat.safeParse(inputs.images[arch]?.format).data;
  if (format !== undefined) await bakery.requireTools(formats[format].packs);
  const now = await recipeToRebuild(extension, bakery);
  const context = { ...bakery.create, store: bakery.store };
  try {
    const rebuilt = await rebuildImage(inputs, arch, { now, context });
    const judged = await judgedAs(rebuilt, Date.now());
    const isSame = rebuilt.verdict === 'same';
    return {
      ...image,
      verdict: rebuilt.isExplained ? (isSame ? 'same' : 'explained') : 'unexplained',
      why: showRebuilt(rebuilt).trimEnd(),
      judged,
    };
  } catch (error) {
    const told = unbuilt(image, error);
    const judged =
      told.verdict === 'unexplained' ? await spoiledAs(inputs, arch, error, Date.now()) : undefined;
    return judged === undefined ? told : { ...told, judged };
  }
}
