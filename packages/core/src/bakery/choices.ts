import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { Parsed } from '../language/parse-document.ts';
import { whatStandsAt } from '../lifetime/named-file.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import { parseReleaseList, type ReleaseEntry } from '../release/check/release-list.ts';
import { loadConfigDocument, type Config } from './bakery-yaml.ts';
import type { HostProcess } from './host-process.ts';

/** What a user may choose for a whole run; what is left open comes from bakery.yaml. */
export interface Choices {
  /** Folders of recipes, or recipes. */
  readonly recipes?: readonly string[];
  /** Settings instead of ./bakery.yaml. */
  readonly config?: string;
  /** `dir:PATH` or `github:OWNER/REPO`. */
  readonly store?: string;
  /** URL prefix hosts use. */
  readonly hub?: string;
  /** File of the release list. */
  readonly list?: string;
  readonly offline?: boolean;
  /** Seconds to wait at most until a limit of GitHub is over. */
  readonly longestWait?: number;
  /** Whether what is released is tried on this machine before. */
  readonly test?: boolean;
}

/** Settings with the paths in them as seen from the current folder. */
export async function readConfig(
  { config }: Pick<Choices, 'config'>,
  io: HostProcess,
): Promise<Config & Pick<Parsed<Config>, 'locate'>> {
  const file = resolve(io.cwd, config ?? 'bakery.yaml');
  if (config !== undefined) {
    const found = await whatStandsAt(file);
    if (found !== 'a file')
      throw new UserError('input.invalid', `--config: expected a file, found ${found} at ${config}`);
  }
  const { value: settings, locate } = await loadConfigDocument(file, io.cwd);
  const { recipes, store, list } = settings;
  const seen = (path: string): string =>
    isAbsolute(path) ? path : relative(io.cwd, resolve(dirname(file), path)) || '.';
  return {
    ...settings,
    locate,
    ...(recipes === undefined ? {} : { recipes: recipes.map(seen) }),
    ...(store === undefined ? {} : { store: store.replace(/^dir:(.+)$/, (_, path) => `dir:${seen(path)}`) }),
    ...(list === undefined ? {} : { list: seen(list) }),
  };
}

const maxListBytes = 1024 * 1024; // twenty thousand versions

export async function readReleaseList(
  file: string | undefined,
  io: HostProcess,
): Promise<readonly ReleaseEntry[]> {
  const path = resolve(io.cwd, file ?? 'release_build_versions.txt');
  const text = await readPlain(path, { maxBytes: maxListBytes, shown: relative(io.cwd, path) });
  if (text === undefined && file !== undefined) {
    throw new UserError(
      'input.invalid',
      `${file}: expected a release list, found ${await whatStandsAt(path)}`,
    );
  }
  return parseReleaseList(text?.toString('utf8') ?? '', relative(io.cwd, path));
}
