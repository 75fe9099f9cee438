import type { Contents, HostConfig, UnitConfig } from './host-config.ts';

/** The specification that butane, too, writes for Flatcar. */
const version = '3.4.0';

/** An Ignition configuration, for who hands it to a machine as it is. */
export function ignition({ files, links, units }: HostConfig): string {
  const config = {
    ignition: { version },
    storage: {
      files: files.map(({ path, mode, contents }) => ({ path, mode, contents: showContents(contents) })),
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
  if ('inline' in contents) return { source: `data:,${encodeURIComponent(contents.inline)}` };
  const { source, sha256 } = contents;
  return { source, ...(sha256 === undefined ? {} : { verification: { hash: `sha256-${sha256}` } }) };
}

function showUnit({ name, enabled, mask, contents, dropins }: UnitConfig): object {
  return { name, enabled, mask, contents, dropins };
}
