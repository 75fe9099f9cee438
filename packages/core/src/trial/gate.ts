import type { DiagnosticPlace } from '../diagnostics/diagnostic.ts';
import { showPlace } from '../diagnostics/place.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { detectFormat } from '../image/detect-format.ts';
import { formats } from '../image/formats.ts';
import type { RoomContext } from '../image/room.ts';
import type { Arch } from '../names/arch.ts';
import type { Report } from '../ports/report.ts';
import type { Program } from '../tools/known-tools.ts';
import type { Host } from './host.ts';
import type { KnownRecipe } from './open-subject.ts';
import { allChecks, type TimedCheck, type Trial, type TriedImage } from './outcome.ts';
import { showCounts, title } from './show-trial.ts';
import { tryImages } from './try-images.ts';

/** An image that was built a moment ago and that nobody has got yet. */
export interface FreshImage extends KnownRecipe {
  readonly path: string;
  readonly arch: Arch;
}

/** What became of it, or why it cannot be tried here. */
export type Passage = Trial | { readonly skipped: string };

/** Lets an image pass that does on a host what it promises; for one that does not, a UserError says what. */
export type Gate = (image: FreshImage) => Promise<Passage>;

export interface GateContext extends RoomContext {
  readonly report: Report;
  readonly openHost: () => Promise<Host>;
  readonly requireTools: (programs: readonly Program[]) => Promise<void>;
}

export function gate(context: GateContext): Gate {
  return async ({ path, arch, ...recipe }) => {
    const what = `${recipe.loaded.recipe.name} ${recipe.version} for ${arch}`;
    const { report } = context;
    const host = await hostFor(path, context);
    if ('skipped' in host) {
      report.warn(`${what}: test skipped: ${host.skipped}`);
      return host;
    }
    if (arch !== host.arch && !host.runs.includes(arch)) {
      const skipped = `this machine is ${host.arch} and does not emulate ${arch}`;
      report.info(`${what}: test skipped: ${skipped}`);
      return { skipped };
    }
    const trial = await tryImages([{ path, recipeOf: async () => recipe }], host, context);
    if (allChecks(trial).some(hasFailed)) throw refusal(trial);
    report.info(`${what}: ${showCounts(trial)} on ${host.name}`);
    return trial;
  };
}

/** A machine that lacks what it takes is no fault of the image. */
async function hostFor(
  path: string,
  { openHost, requireTools }: GateContext,
): Promise<Host | { readonly skipped: string }> {
  try {
    await requireTools(formats[await detectFormat(path)].reads);
    return await openHost();
  } catch (error) {
    const isLacking =
      error instanceof UserError &&
      ['trial.no-host', 'program.missing', 'program.too-old'].includes(error.code);
    if (!isLacking) throw error;
    return { skipped: error.message };
  }
}

function hasFailed({ result }: TimedCheck): boolean {
  return result === 'failed';
}

/** One line for each failed check, which begins with its place in the recipe, and below it what was printed. */
function refusal(trial: Trial): UserError {
  const failures = trial.images.flatMap((image) =>
    image.checks.filter(hasFailed).map((check) => ({ image, check })),
  );
  const heads = failures.map(({ image }) => `${title(image)}: fails its test on ${trial.host}`);
  const lines = [...new Set(heads), ...failures.map(({ check }) => lineOf(check)), showCounts(trial)];
  return new UserError('trial.failed', lines.join('\n'), {
    hint: 'bakery test tries it again; with --no-test, or test: off in bakery.yaml, it is published all the same',
    diagnostics: failures.map(({ image, check }) => ({
      code: 'trial.failed',
      severity: 'error',
      place: placeOf(image, check),
      message: `${check.what}: ${check.said.join('\n')}`,
    })),
  });
}

function lineOf({ what, said, place }: TimedCheck): string {
  const [first = '', ...more] = said;
  const start = place === undefined ? '' : `${showPlace(place)} `;
  return [`${start}${what}: ${first}`, ...more.map((line) => `  ${line}`)].join('\n');
}

function placeOf({ name }: TriedImage, { place }: TimedCheck): DiagnosticPlace {
  return place ?? { file: name };
}
