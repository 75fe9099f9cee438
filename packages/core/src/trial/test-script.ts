import type { HostTest } from '../recipe/image-plan.ts';
import { mostOutput } from './merged.ts';

/**
 * What the steps of a recipe become for a host that runs. Each prints one line: `@`, its number, its exit code and what
 * it said in base64, so that no program's output is taken for a result.
 */
export function testScript(tests: readonly HostTest[]): string {
  const lines = tests.map((test, index) => {
    const before = tests.slice(0, index).filter(({ place }) => place.file === test.place.file);
    const isAnew = before.some(({ kind }) => kind === 'config');
    return `step ${index} ${commandOf(test, isAnew).map(quoted).join(' ')}`;
  });
  return [functions, ...lines].join('\n');
}

export interface StepResult {
  readonly code: number;
  readonly output: string;
}

/** Seconds that the steps take at most, each with what it needs beside what its author allows. */
export function mostSecondsOf(tests: readonly HostTest[]): number {
  return tests.reduce((sum, { within }) => sum + emulatedPace * within + perStep, 0);
}

const perStep = 30; // seconds; a unit is watched for 5, its status is shown, and the machine may be emulated
const emulatedPace = 10; // times as long as a real machine takes

/** By the number of the step; what did not end is not there. */
export function readResults(output: string): ReadonlyMap<number, StepResult> {
  return new Map(
    [...output.matchAll(/^@(\d+) (\d+) ([\w+/=]*)\r?$/gm)].map(([, index, code, said = '']) => [
      Number(index),
      { code: Number(code), output: Buffer.from(said, 'base64').toString('utf8') },
    ]),
  );
}

function commandOf(test: HostTest, isAnew: boolean): string[] {
  const within = String(test.within);
  switch (test.kind) {
    case 'config':
      return ['config', test.path, test.mode, Buffer.from(test.content).toString('base64')];
    case 'unit':
      if (test.state === 'loaded') return ['loaded', test.unit];
      // One that started at boot has not read what the test brought since.
      return ['unit', test.unit, within, isAnew ? 'restart' : 'start'];
    case 'port':
      return ['port', String(test.port), within];
    case 'run':
      return ['run', within, ...test.argv];
    case 'file':
      return ['file', test.path, within];
    default:
      return test satisfies never;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

const functions = String.raw`
# What authors allow is for real machines; this is what systemd calls one that QEMU emulates.
pace=1; [ "$(systemd-detect-virt)" != qemu ] || pace=${emulatedPace}
# Into a file, since what stays in the background would keep a pipe open.
step() {
  local index=$1 code said; said=$(mktemp); shift
  "$@" > "$said" 2>&1 < /dev/null; code=$?
  echo "@$index $code $(head -c ${mostOutput} "$said" | base64 --wrap=0)"
  rm -f "$said"
}
config() { mkdir -p "$(dirname "$1")" && printf %s "$3" | base64 --decode > "$1" && chmod "$2" "$1"; }
status() { systemctl status --no-pager --full --lines=20 "$1"; return 1; }
# Failed, or inactive with nothing waiting: it ran and ended.
ended() {
  systemctl is-failed --quiet "$1" ||
    { [ "$(systemctl show --property=ActiveState,Job "$1")" = ActiveState=inactive ] && [ -n "$(systemctl show --property=InvocationID --value "$1")" ]; }
}
loaded() {
  local state; state=$(systemctl show --property=LoadState --value "$1")
  [ "$state" = loaded ] || { echo "expected $1 to be loaded, it is $state"; status "$1"; }
}
unit() {
  local within=$((pace * $2)) before
  local end=$((SECONDS + within))
  systemctl --no-block "$3" "$1" || return 1
  until systemctl is-active --quiet "$1"; do
    if [ $SECONDS -ge $end ] || ended "$1"; then echo "expected $1 to become active within $within s"; status "$1"; return 1; fi
    sleep 0.2
  done
  before=$(systemctl show --property=NRestarts,InvocationID "$1")
  sleep 5
  if ! systemctl is-active --quiet "$1" || [ "$before" != "$(systemctl show --property=NRestarts,InvocationID "$1")" ]; then
    echo "expected $1 to stay active, it ended within 5 s"; status "$1"; return 1
  fi
}
port() {
  local within=$((pace * $2)); local end=$((SECONDS + within))
  until (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; do
    if [ $SECONDS -ge $end ]; then echo "expected an answer at 127.0.0.1:$1 within $within s, got none"; return 1; fi
    sleep 0.2
  done
}
run() { local within=$((pace * $1)); shift; timeout --kill-after=1 "$within" env "$@"; }
file() {
  local within=$((pace * $2)); local end=$((SECONDS + within))
  until [ -e "$1" ]; do
    if [ $SECONDS -ge $end ]; then echo "expected $1 within $within s, got nothing"; return 1; fi
    sleep 0.2
  done
}
`;
