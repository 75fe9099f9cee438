import { file, type HostFile, type UnitConfig } from './host-config.ts';

const folder = '/etc/systemd/system';

/** The files that units and their drop-ins are, where nothing but files can be written. */
export function unitFiles(units: readonly UnitConfig[]): readonly HostFile[] {
  return units.flatMap(({ name, contents, dropins = [] }) => [
    ...(contents === undefined ? [] : [file(`${folder}/${name}`, { inline: contents })]),
    ...dropins.map((dropin) => file(`${folder}/${name}.d/${dropin.name}`, { inline: dropin.contents })),
  ]);
}
