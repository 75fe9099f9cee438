import { showPlace } from '../diagnostics/place.ts';
import { allChecks, type Check, countsOf, type TimedCheck, type Trial, type TriedImage } from './outcome.ts';

const marks: Readonly<Record<Check['result'], string>> = {
  passed: 'ok     ',
  failed: 'FAILED ',
  skipped: 'skipped',
};

/** As people read tests: a line a check, grouped by image, with what failed below it. */
export function showTrial(trial: Trial): string {
  const blocks = trial.images.map((image) =>
    [`${title(image)} on ${trial.host}`, ...image.checks.flatMap(showCheck)].join('\n'),
  );
  return `${[...blocks, showCounts(trial)].join('\n\n')}\n`;
}

export function title({ name, version, arch }: TriedImage): string {
  return [name, version, arch === undefined ? undefined : `for ${arch}`]
    .filter((part) => part !== undefined)
    .join(' ');
}

export function showCounts(trial: Trial): string {
  const { failed, passed, skipped } = countsOf(allChecks(trial));
  return `${failed} failed, ${passed} passed, ${skipped} skipped in ${trial.seconds.toFixed(1)} s`;
}

function showCheck({ what, result, said, place }: TimedCheck): string[] {
  const where = result === 'failed' && place !== undefined ? `  (${showPlace(place)})` : '';
  if (result === 'skipped') return [`  ${marks[result]} ${what}: ${said.join(' ')}`];
  return [`  ${marks[result]} ${what}${where}`, ...said.map((line) => `          ${line}`)];
}
