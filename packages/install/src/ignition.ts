import type { Contents, HostConfig, UnitConfig } from './host-config.ts';
import type { Group, User } from './setup.ts';

/** The specification that butane, too, writes for Flatcar. */
const version = '3.4.0';

interface More {
  /** Another configuration, whose entries count before those of this one. */
  readonly merge?: string | undefined;
  readonly users?: readonly (User & { readonly sshAuthorizedKeys?: readonly string[] })[];
  readonly groups?: readonly Group[];
}

/** An Ignition configuration, for who hands it to a machine as it is. */
export function ignition(
  { files, links, units }: HostConfig,
  { merge, users = [], groups = [] }: More = {},
): string {
  const config = {
    ignition: {
      version,
      ...(merge === undefined ? {} : { config: { merge: [{ source: dataUrl(merge) }] } }),
    },
    ...(users.length + groups.length === 0 ? {} : { passwd: { users, groups } }),
    storage: {
      files: files.map(({ contents, ...file }) => ({ ...file, contents: showContents(contents) })),
      links: links.map(({ path, target, overwrite }) => ({
        path,
        target,
        hard: false,
        ...(overwrite === undefined ? {} : { overwrite }),
      })),
    },
    ...(units.length === 0 ? {} : { systemd: { units: units.map(showUnit) } }),
  };
  return `${JSON.stringify(config, undefined, 1)}\n`;
}

function showContents(contents: Contents): object {
  if ('inline' in contents) return { source: dataUrl(contents.inline) };
  const { source, sha256 } = contents;
  return { source, ...(sha256 === undefined ? {} : { verification: { hash: `sha256-${sha256}` } }) };
}

function dataUrl(text: string): string {
  return `data:,${encodeURIComponent(text)}`;
}

function showUnit({ name, enabled, mask, contents, dropins }: UnitConfig): object {
  return { name, enabled, mask, contents, dropins };
}
