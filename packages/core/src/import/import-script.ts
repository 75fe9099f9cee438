import { lstat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { absent } from '../lifetime/file-errors.ts';
import { whatStandsAt } from '../lifetime/named-file.ts';
import { ExtensionName } from '../names/extension-name.ts';
import { unfinished } from '../recipe/scaffold.ts';
import { explainEvents, howItEnded } from './explain-events.ts';
import { howFar, readBeside, type Reading } from './fall-back.ts';
import { isChecksum, isSignature } from './find-proofs.ts';
import { findSignatures, type FoundSignature, type ScriptSignatures } from './find-signatures.ts';
import { findVersions } from './find-versions.ts';
import { joinArches, type JoinedPart } from './join-arches.ts';
import { neededOptions, probeOptions } from './probe-options.ts';
import { type Part, readParts } from './read-part.ts';
import { readStatics, type StaticFile } from './read-statics.ts';
import { recipeParts } from './recipe-parts.ts';
import { record, type Recording } from './recording.ts';
import { addressesOf } from './refuse-own-network.ts';
import type { SandboxContext } from './sandbox.ts';
import { spellArch } from './spell-arch.ts';
import { type Spelling, spell, versionSpellings } from './spell-version.ts';
import { buildText, readmeOf, recipeText } from './write-recipe.ts';

/** A recipe made of a script. */
export interface Imported {
  readonly name: string;
  readonly files: readonly {
    /** Relative to the recipe's folder. */
    readonly path: string;
    readonly content: string | Buffer;
    /** Permission bits. */
    readonly mode: number;
  }[];
  /** Links below files/, as they were. */
  readonly links: readonly { readonly path: string; readonly to: string }[];
  /** What a person has to decide or write: one line each. */
  readonly left: readonly string[];
  /** What the script says about its options. */
  readonly help: string;
}

/** The same with more that is left to decide. */
export function withMoreLeft(imported: Imported, more: readonly string[]): Imported {
  const left = [...imported.left, ...more];
  const content = readmeOf(imported.name, left, imported.help);
  const files = imported.files.map((file) => (file.path === 'README.md' ? { ...file, content } : file));
  return { ...imported, files, left };
}

/**
 * Makes a recipe of `NAME.sysext/create.sh` of flatcar/sysext-bakery, or of a fork. The script runs in a sandbox, for
 * two versions and both architectures, with stand-ins for all that reaches out; nothing is downloaded. `image` is what
 * a build of the draft uses, if it has one.
 */
export async function importScript(
  path: string,
  versions: readonly string[],
  ctx: SandboxContext,
  image?: string,
): Promise<Imported> {
  const script = await findScript(path);
  const listed = await record(script, { mode: 'list' }, ctx);
  const found = findVersions(listed, unfinished);
  const [first = '', second = first] = versions.length > 0 ? versions : found.samples;
  const statics = await readStatics(script.folder);
  const ask = (
    arch: string,
    version: string,
    options: Readonly<Record<string, string>>,
  ): Promise<Recording> => record(script, { mode: 'populate', arch, version, options }, ctx);
  const needed = neededOptions(await ask('x86-64', first, {}));
  const both = (version: string): Promise<Runs> =>
    Promise.all([ask('x86-64', version, needed), ask('arm64', version, needed)]);
  const [x8664, arm64] = await both(first);
  const options = await probeOptions({ base: x8664, needed, version: first }, listed.help, (chosen) =>
    ask('x86-64', first, { ...needed, ...chosen }),
  );
  const known = new Map(statics.map((file) => [file.path, file.content]));
  const joined = joinRuns([x8664, arm64], first, known, options.spellings);
  const later = joinRuns(await both(second), second, known, options.spellings);
  const fetched = spellFetched([x8664, arm64], first, options.spellings);
  const signatures = spellSignatures([x8664, arm64], first, options.spellings);
  const used = new Set([
    ...signatures.found.flatMap(({ entry }) => Object.values(entry)),
    ...joined.flatMap(({ part }) => ('url' in part ? [part.url] : [])),
    ...addressesOf(options.options),
  ]);
  const parts = recipeParts(
    joined,
    fetched.filter((url) => !used.has(url)),
    signatures.found,
  );
  const shipped = statics.flatMap((file) => asLeft(file, x8664));
  const copied = new Set(shipped.map((file) => file.path));
  const isSaid = (file: string): boolean =>
    joined.some(({ part }) => 'url' in part && part.url === file) || isChecksum(file);
  const reading = howFar(x8664, joined);
  const wanted = new Set(signatures.found.flatMap((one) => one.beside));
  const beside = (await readBeside(script.folder)).filter(
    (file) => reading === 'unread' || wanted.has(file.path),
  );
  const left = [
    ...found.left,
    ...leftOfReading(reading, image),
    ...howItEnded(listed, 'list_available_versions'),
    ...explainEvents(x8664),
    ...signatures.open.map(({ line, why }) => `create.sh:${line} ${why}`),
    ...signatures.found.flatMap(({ file }) =>
      isSaid(file)
        ? []
        : [`${file}: the script checks its signature, and it is neither in the image nor a checksum`],
    ),
    ...(x8664.code === 0 ? howItEnded(arm64, 'populate_sysext_root for arm64') : []),
    ...(JSON.stringify(joined) === JSON.stringify(later)
      ? []
      : [
          `artifacts: they are others for ${second} than for ${first}, which is what stands here; add entries with when`,
        ]),
    ...joined.flatMap(({ part, only }) =>
      only === undefined ? [] : [`${part.to}: only ${only} has it, or no name explains the difference`],
    ),
    ...fetched
      .filter((url) => !used.has(url) && !isChecksum(url))
      .map((url) =>
        isSignature(url)
          ? `${url}: the script fetches it; write it as a signature`
          : `${url}: the script fetches it, and it is not in the image`,
      ),
    ...parts.left,
    ...options.left,
    ...statics
      .filter((file) => !copied.has(file.path))
      .map((file) => `files${file.path}: the script removes or changes it; not copied`),
  ];
  const recipe = recipeText({
    name: script.name,
    versions: found.versions,
    options: options.options,
    parts,
    isReloading: listed.reload === 'true',
    paths: [...shipped.map((file) => file.path), ...joined.map(({ part }) => part.to)],
    reading,
    image,
    beside: beside.map((file) => file.path).filter((name) => name !== 'create.sh' && !wanted.has(name)),
    texts: new Map(shipped.map((file) => [file.path, file.content.toString()])),
  });
  return {
    name: script.name,
    files: [
      { path: 'recipe.yaml', content: recipe, mode: 0o644 },
      { path: 'README.md', content: readmeOf(script.name, left, listed.help), mode: 0o644 },
      ...beside,
      ...(reading === 'compiled' ? [{ path: 'build.sh', content: buildText(), mode: 0o755 }] : []),
      ...shipped.flatMap(({ path: at, content, mode }) =>
        typeof content === 'string' ? [] : [{ path: `files${at}`, content, mode }],
      ),
    ],
    links: shipped.flatMap(({ path: at, content }) =>
      typeof content === 'string' ? [{ path: `files${at}`, to: content }] : [],
    ),
    left,
    help: listed.help,
  };
}

function leftOfReading(reading: Reading, image: string | undefined): readonly string[] {
  if (reading === 'in part') {
    return [
      'build: not all could be read; what nobody can write as a recipe, a build step script runs as it is, proving nothing',
    ];
  }
  if (reading === 'unread') {
    const naming = image === undefined ? '; name an image with bash by its digest' : '';
    return [`build: nothing could be read, so the script itself is run, which proves nothing${naming}`];
  }
  return reading === 'compiled' ? ['build: the script compiles; nothing of what it makes could be read'] : [];
}

/** The folder of a script, and what it calls itself. */
export async function findScript(path: string): Promise<{ readonly folder: string; readonly name: string }> {
  const folder = basename(path) === 'create.sh' ? dirname(resolve(path)) : resolve(path);
  const script = resolve(folder, 'create.sh');
  const hint = 'name the folder of one extension, or its create.sh';
  const found = await whatStandsAt(folder);
  if (found !== 'a folder')
    throw new UserError('input.invalid', `${path}: expected a folder NAME.sysext, found ${found}`, { hint });
  const isScript = (await lstat(script).catch(absent))?.isFile() === true;
  if (!isScript)
    throw new UserError(
      'input.invalid',
      `${path}: expected a folder NAME.sysext with create.sh, found no such file`,
      {
        hint,
      },
    );
  const name = basename(folder).replace(/\.sysext$/, '');
  const bad = ExtensionName.safeParse(name).error?.issues[0]?.message;
  if (bad !== undefined) throw new UserError('name.invalid', `${name}: ${bad}`);
  return { folder, name };
}

type Runs = readonly [x8664: Recording, arm64: Recording];

function joinRuns(
  [x8664, arm64]: Runs,
  version: string,
  known: ReadonlyMap<string, Buffer | string>,
  spellings: readonly Spelling[],
): JoinedPart[] {
  const all = [...spellings, ...versionSpellings(version)];
  const partsOf = (run: Recording): Part[] => readParts(run, known).map((part) => spellPart(part, all));
  return joinArches(partsOf(x8664), partsOf(arm64));
}

function spellPart(part: Part, spellings: readonly Spelling[]): Part {
  const texts = Object.entries(part).map(([key, value]) => [
    key,
    typeof value === 'string' && key !== 'kind' ? spell(value, spellings) : value,
  ]);
  return { ...part, ...Object.fromEntries(texts) };
}

function spellFetched([x8664, arm64]: Runs, version: string, spellings: readonly Spelling[]): string[] {
  const all = [...spellings, ...versionSpellings(version)];
  const urlsOf = (run: Recording): string[] =>
    run.events.flatMap(({ kind, args: [url = ''] }) => (kind === 'fetch' ? [spell(url, all)] : []));
  const others = urlsOf(arm64);
  return [...new Set(urlsOf(x8664).map((url, index) => spellArch(url, others[index] ?? url)?.text ?? url))];
}

/** As both runs have them, or as one has them alone. */
function spellSignatures(
  [x8664, arm64]: Runs,
  version: string,
  spellings: readonly Spelling[],
): ScriptSignatures {
  const all = [...spellings, ...versionSpellings(version)];
  const [own, other] = [findSignatures(x8664.events), findSignatures(arm64.events)];
  const both = (text: string, others: string | undefined): string => {
    const written = spell(text, all);
    return spellArch(written, spell(others ?? text, all))?.text ?? written;
  };
  const found = own.found.map(({ file, entry, beside }, index): FoundSignature => {
    const there = other.found[index];
    const texts = Object.entries(entry).map(([key, text]) => [key, both(text, there?.entry[key])]);
    return { file: both(file, there?.file), entry: Object.fromEntries(texts), beside };
  });
  const open = own.open.map(({ line, why }) => ({ line, why: spell(why, all) }));
  return { found, open };
}

/** A static file that is in the tree with its bytes, in the mode it has there; nothing when the script changed it. */
function asLeft(file: StaticFile, { tree }: Recording): readonly StaticFile[] {
  const { path, content } = file;
  const entry = tree.find((one) => one.path === path);
  if (entry === undefined) return [];
  if (typeof content === 'string') return entry.kind === 'link' && entry.to === content ? [file] : [];
  const isSame = entry.bytes?.equals(content) ?? entry.size === content.length;
  return entry.kind === 'file' && isSame ? [{ ...file, mode: entry.mode & 0o777 }] : [];
}
