import type { Recording, ScriptEvent } from './recording.ts';

const killed = 137; // 128 and SIGKILL, by which prlimit ends what takes too long

/** What the script did that no recipe can say, or that was not understood: one line each, with the line of the script. */
export function explainEvents(recording: Recording): string[] {
  const told = recording.events.flatMap((event) => {
    const why = explain(event);
    return why === undefined ? [] : [`create.sh:${event.line} ${why}`];
  });
  return [...new Set([...told, ...howItEnded(recording, 'the function')])];
}

/** A line where `what` of the script did not end well. */
export function howItEnded({ code, said }: Pick<Recording, 'code' | 'said'>, what: string): string[] {
  const saying = said.trim() === '' ? '' : `, saying ${lastLine(said)}`;
  const end = code === killed ? 'took more than it may, and was ended' : `ended with ${code}${saying}`;
  return code === 0 ? [] : [`create.sh: ${what} ${end}`];
}

function explain({ kind, args: [first = '', second = ''] }: ScriptEvent): string | undefined {
  if (kind === 'cannot') return `calls ${`${first} ${second}`.trim()}, which could not be read`;
  if (kind === 'container')
    return `runs a container of ${second === '' ? 'an image' : second}; write it as a build`;
  if (kind === 'git' && first !== '') return `takes sources by git from ${first}; write it as a build`;
  if (kind === 'missing') return `names ${shown(first)}, which nothing it did would bring`;
  if (kind === 'unknown') return `calls ${first}, which is not known here`;
  if (kind === 'guessed') return `looks for a member named ${first}; its folder in the archive is guessed`;
  if (kind === 'edit') return `edits ${shown(first)} with ${second}; write it as an edit`;
  if (kind === 'gone') return `removes ${second} of ${first}; write it as an exclude`;
  if (kind === 'proof') return `checks something with ${first}, which no signature of a recipe can say`;
  if (kind === 'written')
    return `compares ${first === '' ? 'a file' : first} with a checksum that stands in the script, of one version; lock it, or write where upstream publishes one`;
  if (kind === 'sysupdate') return 'writes a sysupdate file of its own; write it as streams';
  return undefined;
}

function shown(path: string): string {
  return path.replace(/^\/import\/(root|work)/, '');
}

function lastLine(text: string): string {
  return JSON.stringify(text.trim().split('\n').at(-1) ?? '');
}
