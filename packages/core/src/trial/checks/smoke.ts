import { withinTime } from '../../language/within-time.ts';
import type { Finished } from '../../ports/exec.ts';
import type { Smoke } from '../../recipe/image-plan.ts';
import { type Merged, printedLast, showEnd } from '../merged.ts';
import { type Check, failed, passed, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

/** What the recipe runs to prove that the image works, a check each. */
export async function checkSmoke({ promises, arch }: Subject, merged: Merged): Promise<Check[]> {
  if ('unknown' in promises) return [skipped('runs what its recipe says', promises.unknown)];
  const checks: Check[] = [];
  for (const smoke of promises.smoke) {
    checks.push({ ...(await runSmoke(smoke, arch, merged)), place: smoke.place });
  }
  return checks;
}

async function runSmoke({ argv, ...expected }: Smoke, arch: Subject['arch'], merged: Merged): Promise<Check> {
  const what = argv.join(' ');
  const { host } = merged;
  if (arch !== undefined && arch !== host.arch && !host.runs.includes(arch)) {
    return skipped(what, `made for ${arch}, and this ${host.arch} machine does not emulate it`);
  }
  return judgeRun(argv, expected, await merged.run(argv));
}

/** Holds what a program came to against what was expected of it. */
export function judgeRun(
  argv: readonly string[],
  { prints, matches }: Pick<Smoke, 'prints' | 'matches'>,
  ended: Finished,
  seconds = mostSeconds,
): Check {
  const what = argv.join(' ');
  const printed = ended.stdout + ended.stderr;
  if (ended.code !== 0) {
    return failed(what, [`expected exit code 0, got ${showEnd(ended.code)}`, ...printedLast(ended)]);
  }
  const wrong =
    prints !== undefined && !printed.includes(prints)
      ? `expected it to print "${prints}", got`
      : matches === undefined
        ? undefined
        : whyNoMatch(printed, matches, seconds);
  return wrong === undefined ? passed(what) : failed(what, [wrong, ...printedLast(ended)]);
}

const mostSeconds = 60; // for one regex on all that a program of the image printed

function whyNoMatch(printed: string, matches: string, seconds: number): string | undefined {
  const found = withinTime(() => new RegExp(matches, 'u').test(printed), seconds);
  if (found === undefined)
    return `expected to know within ${seconds} s whether what it prints matches /${matches}/, did not; it printed`;
  return found.value ? undefined : `expected it to print what matches /${matches}/, got`;
}
