import { allChecks, countsOf, type TimedCheck, type Trial, type TriedImage } from './outcome.ts';
import { title } from './show-trial.ts';

/** A trial as JUnit XML, as CI systems read it: a suite an image, a case a check. */
export function junitOf(trial: Trial): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `bakery test on ${trial.host}`, ...numbers(allChecks(trial)), time: trial.seconds })}>`,
    ...trial.images.flatMap((image) => suite(image, trial)),
    '</testsuites>',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function suite(image: TriedImage, { host }: Trial): string[] {
  const time = image.checks.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    `  <testsuite${attributes({ name: title(image), hostname: host, ...numbers(image.checks), time })}>`,
    ...image.checks.flatMap((check) => testCase(check, image)),
    '  </testsuite>',
  ];
}

function testCase({ what, result, said, place, seconds }: TimedCheck, { name }: TriedImage): string[] {
  const start = `    <testcase${attributes({ name: what, classname: name, file: place?.file, line: place?.line, time: seconds })}`;
  const [first = ''] = said;
  if (result === 'passed' && said.length === 0) return [`${start}/>`];
  const inside = {
    passed: [`      <system-out>${escaped(said.join('\n'))}</system-out>`],
    skipped: [`      <skipped${attributes({ message: said.join(' ') })}/>`],
    failed: [`      <failure${attributes({ message: first })}>${escaped(said.join('\n'))}</failure>`],
  };
  return [`${start}>`, ...inside[result], '    </testcase>'];
}

function numbers(checks: readonly TimedCheck[]): Readonly<Record<string, number>> {
  const { failed, skipped } = countsOf(checks);
  return { tests: checks.length, failures: failed, errors: 0, skipped };
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? shown(key, value) : `${value}`)}"`)
    .join('');
}

function shown(key: string, value: number): string {
  return key === 'time' ? value.toFixed(3) : String(value);
}

/** XML 1.0 has no way at all to write most control characters (section 2.2). */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
