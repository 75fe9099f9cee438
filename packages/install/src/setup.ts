import type { Recipe, Setup } from '@bakery/core/recipe.ts';
import { type Facts, holds } from '@bakery/core/versions.ts';
import { butane } from './butane.ts';
import { file, type HostFile, type UnitConfig } from './host-config.ts';

type Of<Key extends string> = Extract<Setup, Readonly<Record<Key, unknown>>>;
type FileSetup = Of<'path'>;
type UnitSetup = Exclude<Of<'unit'>, FileSetup>;
type UserSetup = Exclude<Setup, FileSetup | UnitSetup>;

/** What a user supplies, before anybody says by which tool. */
export interface Settings {
  readonly files: readonly HostFile[];
  readonly units: readonly UnitConfig[];
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

export interface User {
  readonly name: string;
  readonly uid?: number;
  readonly homeDir?: string;
  readonly shell?: string;
  readonly groups?: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly system: boolean;
}

/** As much of it as one can write down. */
export function settingsOf({ setup }: Pick<Recipe, 'setup'>, facts: Facts): Settings {
  const now = setup.filter((entry) => holds(entry, facts));
  return {
    files: now.filter(isFile).flatMap(toFile),
    units: now.filter(isUnit).flatMap(toUnit),
    users: now.filter(isUser).map(toUser),
    groups: groupsOf(now),
  };
}

/** The same as a Butane configuration of its own; `undefined` when there is nothing. */
export function settingsConfig(recipe: Pick<Recipe, 'setup'>, facts: Facts): string | undefined {
  const { files, units, users, groups } = settingsOf(recipe, facts);
  if (files.length + units.length + users.length === 0) return undefined;
  return butane({ files, units }, { passwd: { users: users.map(showUser), groups } });
}

function showUser({ homeDir, name, uid, ...rest }: User): object {
  return {
    name,
    ...(uid === undefined ? {} : { uid }),
    ...(homeDir === undefined ? {} : { home_dir: homeDir }),
    ...rest,
  };
}

function isFile(entry: Setup): entry is FileSetup {
  return 'path' in entry;
}

function isUnit(entry: Setup): entry is UnitSetup {
  return 'unit' in entry;
}

function isUser(entry: Setup): entry is UserSetup {
  return !isFile(entry) && !isUnit(entry);
}

function toFile({ path, mode, user, group, content }: FileSetup): HostFile[] {
  if (content === undefined) return [];
  const owner = {
    ...(user === undefined ? {} : { user: { name: user } }),
    ...(group === undefined ? {} : { group: { name: group } }),
  };
  return [{ ...file(path, { inline: content }, Number.parseInt(mode ?? '0644', 8)), ...owner }];
}

/** Masks and drop-ins. Units of an image cannot be enabled here: they are not there yet at the first boot. */
function toUnit({ unit, mask, 'drop-in': dropIn }: UnitSetup): UnitConfig[] {
  if (mask !== true && dropIn === undefined) return [];
  return [
    {
      name: unit,
      ...(mask === true ? { mask } : {}),
      ...(dropIn === undefined ? {} : { dropins: [{ name: dropIn.name, contents: dropIn.content }] }),
    },
  ];
}

function toUser({ user, id, home, shell, groups }: UserSetup): User {
  return {
    name: user,
    ...(id === undefined ? {} : { uid: id }),
    ...(home === undefined ? {} : { homeDir: home }),
    ...(shell === undefined ? {} : { shell }),
    ...(groups === undefined ? {} : { groups }),
  };
}

/** Groups that files belong to must exist before the image that would bring them. */
function groupsOf(now: readonly Setup[]): Group[] {
  const names = now
    .filter(isFile)
    .flatMap(({ group, content }) => (content === undefined ? [] : (group ?? [])));
  const wanted = names.filter((name) => name !== 'root');
  return [...new Set(wanted)].map((name) => ({ name, system: true }));
}
