import { type GuestUnit, shellUnit, wantedCommandUnit } from '@bakery/core/guest.ts';
import { fold, lastOf } from './fold.ts';
import { file, type HostConfig, type UnitConfig } from './host-config.ts';
import { ignition } from './ignition.ts';
import type { Settings } from './setup.ts';

/** What a virtual machine with Flatcar, or another system that reads Ignition, is to be. */
export interface GuestWishes {
  /** What each extension needs on a host. */
  readonly extensions: readonly { readonly config: HostConfig; readonly settings?: Settings }[];
  /** The first serial line. */
  readonly console: string;
  /** Run at the end of the boot; absent where a person gets a shell. */
  readonly command?: string | undefined;
  /** Public key that may log in. */
  readonly authorizedKey?: string | undefined;
  /** An Ignition configuration of the user’s; what it names, it names instead of this one. */
  readonly own?: string | undefined;
}

/** Who gets the shell; there on Flatcar and Fedora CoreOS, with sudo that asks no password. */
export const ignitionUser = 'core';

const commandPath = '/etc/bakery-command';
/** Flatcar’s own updates would restart the machine under its user. */
const masked = ['update-engine.service', 'locksmithd.service'].map((name) => ({ name, mask: true }));

/** The Ignition configuration of a guest. */
export function guestIgnition({ extensions, console, command, authorizedKey, own }: GuestWishes): string {
  const unit = command === undefined ? shellUnit(console, ignitionUser) : wantedCommandUnit(commandPath);
  const settings = extensions.flatMap((one) => one.settings ?? []);
  const config = fold([
    ...extensions.map((one) => one.config),
    ...settings,
    {
      files: command === undefined ? [] : [file(commandPath, { inline: `${command}\n` })],
      units: [...masked, showUnit(unit)],
    },
  ]);
  const login =
    authorizedKey === undefined ? [] : [{ name: ignitionUser, sshAuthorizedKeys: [authorizedKey] }];
  return ignition(own === undefined ? config : without(config, namedIn(own)), {
    merge: own,
    users: lastOf([...settings.flatMap(({ users }) => users), ...login], ({ name }) => name),
    groups: lastOf(
      settings.flatMap(({ groups }) => groups),
      ({ name }) => name,
    ),
  });
}

/** Files with an example of what a user would write there, which the guest gets as they are. */
export function exampleFiles({ extensions, own }: Pick<GuestWishes, 'extensions' | 'own'>): string[] {
  const named = own === undefined ? undefined : namedIn(own);
  const paths = extensions.flatMap(({ settings }) => settings?.files ?? []).map(({ path }) => path);
  return [...new Set(paths)].filter((path) => named?.has(path) !== true);
}

function showUnit({ name, contents, dropIn }: GuestUnit): UnitConfig {
  if (contents !== undefined) return { name, enabled: true, contents };
  return { name, dropins: [{ name: 'bakery.conf', contents: dropIn ?? '' }] };
}

/** Ignition takes one entry a path: a file of one configuration and a link of the other would be two. */
function without({ files, links, units }: HostConfig, names: ReadonlySet<string>): HostConfig {
  return {
    files: files.filter(({ path }) => !names.has(path)),
    links: links.filter(({ path }) => !names.has(path)),
    units: units.filter(({ name }) => !names.has(name)),
  };
}

function namedIn(text: string): ReadonlySet<string> {
  const { storage, systemd }: Named = JSON.parse(text);
  const paths = [storage?.files, storage?.links, storage?.directories].flatMap((list) => list ?? []);
  return new Set([...paths.map(({ path }) => path), ...(systemd?.units ?? []).map(({ name }) => name)]);
}

interface Named {
  readonly storage?: Readonly<
    Partial<Record<'files' | 'links' | 'directories', { readonly path: string }[]>>
  >;
  readonly systemd?: { readonly units?: readonly { readonly name: string }[] };
}
