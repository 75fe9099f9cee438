import type { Part } from './read-part.ts';
import { readParts } from './read-part.ts';
import type { Recording } from './recording.ts';
import { spell, type Spelling, versionSpellings } from './spell-version.ts';

export interface FoundOptions {
  readonly options: Readonly<Record<string, unknown>>;
  /** What stands for them in texts of the other runs. */
  readonly spellings: readonly Spelling[];
  readonly left: readonly string[];
}

// Not any text: what a stranger's script has read somewhere must not get into the address of another place.
const versionInText = String.raw`^(v?\d[\w.+~-]{0,40})`;
const mostProbes = 20; // runs of the script, one for each option

/** The run that others are compared with. */
interface Base {
  readonly base: Recording;
  /** Options it was given because it does not do without. */
  readonly needed: Readonly<Record<string, string>>;
  readonly version: string;
}

/** Values for what a script that failed asks for without a default. */
export function neededOptions({ code, events }: Recording): Readonly<Record<string, string>> {
  if (code === 0) return {};
  const names = events.flatMap(({ kind, args: [name = '', value = ''] }) =>
    kind === 'option' && value === '' && isPlain(name) ? [name] : [],
  );
  return Object.fromEntries([...new Set(names)].map((name, index) => [name, `v55.${index + 44}.33`]));
}

function isPlain(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,40}$/.test(name);
}

/** What the script asks with get_optional_param, and the newest versions of other projects that it looks up. */
export async function probeOptions(
  { base, needed, version }: Base,
  help: string,
  run: (options: Readonly<Record<string, string>>) => Promise<Recording>,
): Promise<FoundOptions> {
  const newest = base.events.filter(({ kind }) => kind === 'newest');
  const asked = new Map(
    base.events.flatMap(({ kind, args: [name = '', value = ''] }) =>
      kind === 'option' && name !== 'sysupdate' ? [[name, value] as const] : [],
    ),
  );
  const options: Record<string, unknown> = {};
  const spellings: Spelling[] = [];
  const left: string[] = [];
  const replaced = new Set<string>();
  const plain = [...asked].filter(([name]) => isPlain(name));
  if (plain.length < asked.size) left.push('options: some have names that a recipe cannot have');
  for (const [name] of plain.slice(mostProbes)) left.push(`options.${name}: one too many to be tried`);
  for (const [name, value] of plain.slice(0, mostProbes)) {
    const probe = `v77.${String(Object.keys(options).length + 66)}.55`;
    const probed = await run({ [name]: probe });
    const isFilledIn = readParts(probed, new Map()).some((part) => textsOf(part).includes(probe.slice(1)));
    const gone = newest.find(
      ({ args: [, made = ''] }) => !probed.events.some((event) => event.args.includes(made)),
    );
    const entry = { help: helpFor(name, help) };
    const own = needed[name];
    if (own !== undefined) {
      spellings.push([own, `{${name}}`]);
      options[name] = { ...entry, required: true };
    } else if (isFilledIn && gone !== undefined) {
      const [project = '', made = ''] = gone.args;
      replaced.add(made);
      const { spelling, strip } = newestOption(base, made, name);
      spellings.push(spelling);
      options[name] = { ...entry, default: { from: 'github-releases', repo: project, ...strip } };
    } else if (isFilledIn && value !== '') {
      spellings.push([value, `{${name}}`]);
      options[name] = { ...entry, default: value };
    } else {
      left.push(`options.${name}: what it does could not be read; write entries with if`);
    }
  }
  for (const { line, args } of newest) {
    const [project = '', found = '', filter = ''] = args;
    if (replaced.has(found)) continue;
    replaced.add(found);
    const name = `${project
      .slice(project.lastIndexOf('/') + 1)
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-')
      .replace(/^[^a-z]+|-version$/g, '')}-version`;
    if (/^[\w.-]+\/[\w.-]+$/.test(project)) {
      const { spelling, strip } = newestOption(base, found, name);
      spellings.push(spelling);
      options[name] = {
        help: `${project} to ship.`,
        default: { from: 'github-releases', repo: project, ...strip },
      };
    } else if (filter === '') {
      spellings.push([found, `{${name}}`]);
      const url = spell(project, versionSpellings(version));
      options[name] = { help: `What ${url} says.`, default: { from: 'http', url, regex: versionInText } };
    } else
      left.push(`create.sh:${line} reads a version from ${project}; write it as an option with a default`);
  }
  return { options, spellings, left };
}

/** Where a script drops the v of a version, the option has none. */
function newestOption(base: Recording, version: string, name: string): { spelling: Spelling; strip: object } {
  const bare = version.replace(/^v/, '');
  const texts = readParts(base, new Map()).map(textsOf).join('\n');
  const hasBare = texts.replaceAll(version, '').includes(bare);
  return hasBare
    ? { spelling: [bare, `{${name}}`], strip: { strip: 'v' } }
    : { spelling: [version, `{${name}}`], strip: {} };
}

function textsOf(part: Part): string {
  return Object.values(part).join('\n');
}

function helpFor(name: string, help: string): string {
  const line = help.split('\n').find((one) => one.includes(`--${name}`));
  const text = line?.slice(line.indexOf(':') + 1).trim();
  return text === undefined || text === '' ? `Value of --${name}.` : text;
}
