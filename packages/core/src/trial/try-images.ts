import type { RoomContext } from '../image/room.ts';
import { checkCovered } from './checks/covered.ts';
import { checkFit } from './checks/fits-host.ts';
import { checkHost } from './checks/host-programs.ts';
import { checkLibraries } from './checks/libraries.ts';
import { checkCollisions, checkRelations } from './checks/relations.ts';
import { checkRules } from './checks/rules.ts';
import { checkServices } from './checks/services.ts';
import { checkSmoke } from './checks/smoke.ts';
import { checkUnits } from './checks/units.ts';
import { checkUnmerged, snapshotOf } from './checks/unmerged.ts';
import { checkUsers } from './checks/users.ts';
import type { Host } from './host.ts';
import type { Merged } from './merged.ts';
import type { ImageToTry } from './open-subject.ts';
import { openSubjects } from './open-subjects.ts';
import { type Check, skipped, type TimedCheck, type Trial, type TriedImage } from './outcome.ts';
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
  const tried: TriedImage[] = [];
  for (const subject of subjects) tried.push(await trySubject(subject, subjects, merged));
  const after = await snapshotOf(subjects, host);
  return {
    host: host.name,
    images: tried.map((image, index) => {
      const [subject] = subjects.slice(index);
      if (subject === undefined) return image;
      return {
        ...image,
        checks: [...image.checks, { ...checkUnmerged(subject, before, after), seconds: 0 }],
      };
    }),
    seconds: (performance.now() - started) / 1000,
  };
}

async function trySubject(subject: Subject, all: readonly Subject[], merged: Merged): Promise<TriedImage> {
  const { name, version, arch } = subject;
  const { host } = merged;
  const checks: TimedCheck[] = [];
  const take = async (
    work: () => Promise<readonly (Check | undefined)[]> | readonly (Check | undefined)[],
  ): Promise<readonly Check[]> => {
    const started = performance.now();
    const found = (await work()).filter((check) => check !== undefined);
    const seconds = (performance.now() - started) / 1000 / Math.max(1, found.length);
    for (const check of found) checks.push({ ...check, seconds });
    return found;
  };
  await take(() => [checkRules(subject), checkFit(subject, host)]);
  const covered = await take(async () => [await checkCovered(subject, host)]);
  await take(() => [...checkRelations(subject, all), ...checkCollisions(subject, all)]);
  if (covered.some(({ result }) => result === 'failed')) {
    await take(() => [skipped('runs on this host', 'it takes what the host itself needs')]);
  } else {
    const works = await take(async () => [await checkHost(merged)]);
    if (works.every(({ result }) => result === 'passed')) {
      await take(async () => [await checkLibraries(subject, merged)]);
      await take(async () => [await checkUnits(subject, merged)]);
      await take(async () => [await checkUsers(subject, merged)]);
      await take(() => checkSmoke(subject, merged));
      await take(() => checkServices(subject));
    }
  }
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(arch === undefined ? {} : { arch }),
    checks,
  };
}
