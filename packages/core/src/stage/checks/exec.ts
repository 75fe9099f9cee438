import { error, type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import { type Setting, splitWords } from '../../systemd/parse-unit.ts';
import { resolvePath } from '../resolve-path.ts';
import type { Entries } from './entries.ts';
import { hostPrograms } from './host-programs.ts';
import { unitsStartedByMerge } from './merge-start.ts';
import { readUnits } from './unit-files.ts';

const execKeys = /^Exec(Start|StartPre|StartPost|Condition|Reload|Stop|StopPre|StopPost)$/;

/** Programs that units start, and variables systemd passes as a single argument. */
export function checkExec(entries: Entries): Diagnostic[] {
  const started = unitsStartedByMerge(entries);
  return readUnits(entries).flatMap(({ path, unit, settings }) =>
    settings
      .filter(({ key, value }) => execKeys.test(key) && value !== '')
      .flatMap((setting) =>
        commandsOf(setting).flatMap((words) =>
          checkCommand(entries, { path, isStarted: started.has(unit) }, setting, words),
        ),
      ),
  );
}

interface Unit {
  readonly path: string;
  /** Merging the image starts it. */
  readonly isStarted: boolean;
}

function checkCommand(
  entries: Entries,
  { path, isStarted }: Unit,
  { key, line }: Setting,
  [first = '', ...args]: readonly string[],
): Diagnostic[] {
  const where = `line ${line}, ${key}:`;
  const [prefix = ''] = /^[@:+!|-]*/.exec(first) ?? [];
  // Behind "-" it may fail.
  const isNeeded = isStarted && !prefix.includes('-');
  return [
    ...checkProgram(entries, { path, isStarted: isNeeded }, where, first.slice(prefix.length)),
    ...args
      .filter((word) => /^\$\{\w*(ARGS|ARGUMENTS|OPTS|OPTIONS|FLAGS|PARAMS)\w*\}$/i.test(word))
      .map((word) =>
        warning(
          'tree.split-variable',
          path,
          `${where} ${word} is passed as one argument: without braces it is split into words`,
        ),
      ),
  ];
}

/** A list of commands is split at ";" between spaces. */
function commandsOf({ value }: Setting): string[][] {
  return value
    .split(/\s;\s/)
    .map(splitWords)
    .filter((words) => words.length > 0);
}

function checkProgram(
  entries: Entries,
  { path, isStarted }: Unit,
  where: string,
  program: string,
): Diagnostic[] {
  if (/\$(\w|\{)/.test(program)) {
    const message = `${where} expected a program, got ${program}: systemd takes no variable there`;
    return [error('tree.exec-variable', path, message)];
  }
  if (program.includes('%')) return []; // specifiers are known on the host only
  if (/^\/(usr\/)?sbin\//.test(program)) {
    return [
      error(
        'tree.sbin',
        path,
        `${where} expected a program in /usr/bin, got ${program}: not every host has sbin`,
      ),
    ];
  }
  const wanted = program.startsWith('/')
    ? program.replace(/^\/(bin|lib)\//, '/usr/$1/')
    : `/usr/bin/${program}`;
  if (!/^\/(usr|opt)\//.test(wanted)) return [];
  const end = resolvePath(wanted, entries.lookup);
  if (end.kind === 'found') return checkStartable(entries, path, where, end.path);
  if (end.kind === 'outside' || isOfHost(wanted)) return [];
  const message = `${where} expected the program ${program} in the tree, got none`;
  if (!wanted.startsWith('/usr/bin/')) return [error('tree.no-program', path, message)];
  return [
    isStarted
      ? error('tree.no-program', path, `${message}, and merging starts the unit`)
      : warning('tree.no-program', path, `${message}; not every host has it`),
  ];
}

function checkStartable({ find }: Entries, path: string, where: string, program: string): Diagnostic[] {
  const found = find(program);
  if (found?.kind === 'file' && (found.mode & 0o111) !== 0) return [];
  return [error('tree.not-executable', path, `${where} expected ${program} to be an executable file`)];
}

function isOfHost(program: string): boolean {
  if (program.startsWith('/usr/lib/systemd/')) return true;
  return program.startsWith('/usr/bin/') && hostPrograms.has(program.slice('/usr/bin/'.length));
}
