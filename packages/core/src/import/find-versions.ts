import type { Recording, ScriptEvent } from './recording.ts';

/** Where the versions of a script come from, and two that it could be asked for. */
export interface FoundVersions {
  readonly versions: Readonly<Record<string, unknown>>;
  readonly samples: readonly string[];
  readonly left: readonly string[];
}

/** Says where `list_available_versions` looks, from what it asked and what it made of made-up answers. */
export function findVersions(listed: Recording, unfinished: string): FoundVersions {
  const printed = listed.printed.split('\n').filter((line) => line !== '');
  const plain = printed.filter((line) => /^v?\d+(\.\d+)*$/.test(line));
  const built = printed.filter((line) => line.includes('+'));
  const form = listed.pattern === '' ? undefined : listed.pattern;
  const wanted = form === undefined || listed.wanted === '' ? plain : listed.wanted.split('\n');
  const samples = [...new Set([...wanted, ...plain, ...built])].slice(0, 2);
  const hasV = samples[0]?.startsWith('v') === true;
  const filters = {
    ...(listed.events.some(({ kind }) => kind === 'list') && !hasV ? { strip: 'v' } : {}),
    ...greps(listed.events),
    ...(form === undefined ? {} : { form }),
  };
  const source = listed.events.find(({ kind }) => kind === 'list');
  const { from, where } = sourceOf(source);
  if (from !== undefined) {
    // Where names of both kinds are let through, those without a letter are made up.
    const isBoth = printed.includes('v91.81.71') && printed.includes('91.81.71');
    const all = isBoth ? { ...filters, strip: undefined } : filters;
    const kept = samples.length > 0 ? samples : ['v91.81.71', 'v90.80.70'];
    return { versions: { from, ...where, ...dropUnset(all) }, samples: kept, left: [] };
  }
  const asked =
    listed.events.find(({ kind }) => kind === 'asked') ?? listed.events.find(({ kind }) => kind === 'fetch');
  const url = asked?.args[0] ?? `https://example.org/${unfinished}`;
  const filter = asked?.kind === 'asked' ? asked.args[1] : undefined;
  const parts = listed.events.filter(({ kind }) => kind === 'grep').map(({ args }) => args.join(' '));
  const how = filter === undefined ? parts.join(' | ') : filter.replaceAll(/\s+/g, ' ');
  return {
    versions: {
      from: 'http',
      url,
      ...(filter === undefined ? { regex: `(${unfinished})` } : { parse: 'json', path: unfinished }),
      ...dropUnset(form === undefined ? {} : { form }),
    },
    samples: samples.length > 0 ? samples : ['91.81.71', '90.80.70'],
    left: [
      asked === undefined
        ? 'versions: nothing that the script asks for them could be read; say where they are listed'
        : `versions: create.sh:${asked.line} reads ${url}${how === '' ? '' : ` with ${how}`}; say the same by ${filter === undefined ? 'regex' : 'path'}`,
    ],
  };
}

function sourceOf(event: ScriptEvent | undefined): {
  readonly from?: string;
  readonly where?: Readonly<Record<string, unknown>>;
} {
  const [kind = '', first = '', second = ''] = event?.args ?? [];
  if (kind === 'github-releases' || kind === 'github-tags') return { from: kind, where: { repo: first } };
  if (kind === 'gitlab-tags') {
    const project = decoded(second);
    return { from: kind, where: { host: first, project: /^\d+$/.test(project) ? Number(project) : project } };
  }
  const [, repo] = /^https:\/\/github\.com\/([^/]+\/[^/]+?)(\.git)?$/.exec(first) ?? [];
  return kind === 'git' && repo !== undefined ? { from: 'github-tags', where: { repo } } : {};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a script may write anything
  }
}

/** `grep -E PATTERN` and `grep -v PATTERN` as what a name must match, or must not. */
function greps(events: readonly ScriptEvent[]): Readonly<Record<string, unknown>> {
  const said = events
    .filter(({ kind, args }) => kind === 'grep' && !args.some((arg) => /^-\w*[oq]/.test(arg)))
    .map(({ args }) => ({
      isNot: args.some((arg) => /^-\w*v/.test(arg) || arg === '--invert-match'),
      pattern: args.find((arg) => !arg.startsWith('-')) ?? '',
    }));
  const match = said.find(({ isNot }) => !isNot)?.pattern;
  const exclude = said.find(({ isNot }) => isNot)?.pattern;
  return { match, exclude };
}

function dropUnset(all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
