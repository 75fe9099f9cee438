import type { RoomContext } from '../image/room.ts';
import { checkCovered } from './checks/covered.ts';
import { checkFit } from './checks/fits-host.ts';
import { checkHost } from './checks/host-programs.ts';
import { checkLibraries } from './checks/libraries.ts';
import { checkNeedsManager } from './checks/needs-manager.ts';
import { checkCollisions, checkRelations } from './checks/relations.ts';
import { checkRules } from './checks/rules.ts';
import { checkSmoke } from './checks/smoke.ts';
import { checkUnits } from './checks/units.ts';
import { checkUnmerged, snapshotOf } from './checks/unmerged.ts';
import { checkUsers } from './checks/users.ts';
import type { Host } from './host.ts';
import type { Merged } from './merged.ts';
import type { ImageToTry } from './open-subject.ts';
import { openSubjects } from './open-subjects.ts';
import { type Check, skipped, type TimedCheck, type Trial } from './outcome.ts';
import type { Subject } from './subject.ts';

/** Merges images into a host together and holds each to what it and its recipe promise. */
export async function tryImages(
  images: readonly ImageToTry[],
  host: Host,
  context: RoomContext,
): Promise<Trial> {
  const started = performance.now();
  await using stack = new AsyncDisposableStack();
  const subjects = stack.use(await openSubjects(images, context)).all;
  // Of two images systemd-sysext lays that with the later name above.
  const trees = subjects.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ entries }) => entries.root);
  const merged: Merged = { host, run: (command, options) => host.run(trees, command, options) };
  const before = await snapshotOf(subjects, host);
  // Whatever one of them takes from the host, all would miss.
  const lying: { readonly subject: Subject; readonly laid: Laid }[] = [];
  for (const subject of subjects) lying.push({ subject, laid: await lookAt(subject, subjects, host) });
  const culprits = lying.flatMap(({ subject, laid }) => (laid.takes ? [subject.name] : []));
  const ran: { readonly subject: Subject; readonly checks: readonly TimedCheck[] }[] = [];
  for (const { subject, laid } of lying) {
    const checks = culprits.length === 0 ? await runOn(subject, merged) : [notRun(culprits)];
    ran.push({ subject, checks: [...laid.checks, ...checks] });
  }
  const after = await snapshotOf(subjects, host);
  return {
    host: host.name,
    images: ran.map(({ subject, checks }) => {
      const { name, version, arch } = subject;
      return {
        name,
        ...(version === undefined ? {} : { version }),
        ...(arch === undefined ? {} : { arch }),
        checks: [...checks, { ...checkUnmerged(subject, before, after), seconds: 0 }],
      };
    }),
    seconds: (performance.now() - started) / 1000,
  };
}

interface Laid {
  readonly checks: readonly TimedCheck[];
  /** It covers what the host itself needs. */
  readonly takes: boolean;
}

/** What can be said of an image while nothing of it runs. */
async function lookAt(subject: Subject, all: readonly Subject[], host: Host): Promise<Laid> {
  const covered = await timed(async () => [await checkCovered(subject, host)]);
  const checks = [
    ...(await timed(async () => [checkRules(subject), await checkFit(subject, host)])),
    ...covered,
    ...(await timed(() => [...checkRelations(subject, all), ...checkCollisions(subject, all)])),
  ];
  return { checks, takes: covered.some(({ result }) => result === 'failed') };
}

async function runOn(subject: Subject, merged: Merged): Promise<readonly TimedCheck[]> {
  const works = await timed(async () => [await checkHost(merged)]);
  if (works.some(({ result }) => result !== 'passed')) return works;
  return [
    ...works,
    ...(await timed(async () => [await checkLibraries(subject, merged)])),
    ...(await timed(async () => [await checkUnits(subject, merged)])),
    ...(await timed(async () => [await checkUsers(subject, merged)])),
    ...(await timed(() => checkSmoke(subject, merged))),
    ...(await timed(() => checkNeedsManager(subject))),
  ];
}

function notRun(culprits: readonly string[]): TimedCheck {
  const verb = culprits.length === 1 ? 'takes' : 'take';
  const why = `${culprits.join(', ')} ${verb} what the host itself needs`;
  return { ...skipped('runs on this host', why), seconds: 0 };
}

type Work = readonly (Check | undefined)[];

async function timed(work: () => Promise<Work> | Work): Promise<TimedCheck[]> {
  const started = performance.now();
  const found = (await work()).filter((check) => check !== undefined);
  const seconds = (performance.now() - started) / 1000 / Math.max(1, found.length);
  return found.map((check) => ({ ...check, seconds }));
}
