import { bootSeconds } from '../guest/boot.ts';
import type { RoomContext } from '../image/room.ts';
import type { Arch } from '../names/arch.ts';
import type { HostTest } from '../recipe/image-plan.ts';
import { checkCollisions, checkRelations } from './checks/relations.ts';
import { checkRules } from './checks/rules.ts';
import { judgeRun } from './checks/smoke.ts';
import { claimOf } from './claim.ts';
import type { ImageToTry } from './open-subject.ts';
import { openSubjects } from './open-subjects.ts';
import { type Check, failed, passed, skipped, type Trial } from './outcome.ts';
import type { Subject } from './subject.ts';
import { mostSecondsOf, readResults, testScript, type StepResult } from './test-script.ts';

/** A machine that boots with extensions merged. */
export interface BootingHost {
  /** For people. */
  readonly name: string;
  readonly arch: Arch;
  /**
   * Runs a script of bash as root once everything is up; resolves to what it printed. A UserError where all of it
   * takes more than `mostSeconds`.
   */
  boot(
    extensions: readonly { readonly name: string; readonly path: string }[],
    script: string,
    mostSeconds: number,
  ): Promise<string>;
}

const smokeSeconds = 60;

/** Boots a machine with images merged, and holds each to what its recipe says of a host that runs. */
export async function tryInGuest(
  images: readonly ImageToTry[],
  host: BootingHost,
  context: RoomContext,
): Promise<Trial> {
  const started = performance.now();
  await using opened = await openSubjects(images, context);
  const subjects = opened.all;
  const fitting = subjects.filter(({ arch }) => arch === undefined || arch === host.arch);
  const steps = new Map(fitting.map((subject) => [subject, stepsOf(subject, subjects)]));
  const all = [...steps.values()].flat();
  const results =
    fitting.length === 0
      ? new Map()
      : readResults(await host.boot(fitting, testScript(all), bootSeconds + mostSecondsOf(all)));
  const seconds = (performance.now() - started) / 1000;
  return {
    host: host.name,
    images: subjects.map((subject) => {
      const { name, version, arch } = subject;
      const own = steps.get(subject);
      const ran =
        own === undefined
          ? [skipped('runs on this host', `made for ${arch}, the host is ${host.arch}`)]
          : [
              ...own.map((step) => ({ ...judge(step, results.get(all.indexOf(step))), place: step.place })),
              ...withoutOthers(subject, subjects),
            ];
      const checks: Check[] = [
        checkRules(subject),
        ...checkRelations(subject, subjects),
        ...checkCollisions(subject, subjects),
        ...('unknown' in subject.promises
          ? [skipped('runs what its recipe says', subject.promises.unknown)]
          : ran),
      ];
      return {
        name,
        ...(version === undefined ? {} : { version }),
        ...(arch === undefined ? {} : { arch }),
        checks: checks.map((check) => ({ ...check, seconds: seconds / checks.length / subjects.length })),
      };
    }),
    seconds,
  };
}

function stepsOf(subject: Subject, all: readonly Subject[]): readonly HostTest[] {
  const { promises } = subject;
  if ('unknown' in promises) return [];
  const smoke = promises.smoke.map((one) => ({ ...one, kind: 'run' as const, within: smokeSeconds }));
  return [...smoke, ...(lackedBy(subject, all) === undefined ? promises.tests : [])];
}

/** Services need what their recipe requires; programs alone do not. */
function withoutOthers(subject: Subject, all: readonly Subject[]): Check[] {
  const lacked = lackedBy(subject, all);
  if (lacked === undefined || 'unknown' in subject.promises) return [];
  const why = `it requires ${lacked}, which is not tried with it`;
  return subject.promises.tests.map((test) => ({ ...skipped(claimOf(test), why), place: test.place }));
}

function lackedBy({ promises }: Subject, all: readonly Subject[]): string | undefined {
  if ('unknown' in promises) return undefined;
  return promises.requires.find(({ name }) => all.every((one) => one.name !== name))?.name;
}

function judge(step: HostTest, result: StepResult | undefined): Check {
  const what = claimOf(step);
  if (result === undefined) return failed(what, ['the machine ended before']);
  const { code, output } = result;
  if (step.kind === 'run') return judgeRun(step.argv, step, { code, stdout: output, stderr: '' });
  return code === 0 ? passed(what) : failed(what, output.trimEnd().split('\n'));
}
