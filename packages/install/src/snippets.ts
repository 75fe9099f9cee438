import { butane } from './butane.ts';
import { cloudConfig } from './cloud-config.ts';
import { staticConfig, updateFiles, updatingConfig, type Installable } from './extension-config.ts';
import type { HostConfig } from './host-config.ts';
import { ignition } from './ignition.ts';
import { installScript, uninstallScript } from './shell.ts';

/** A way onto a host. */
export interface Snippet {
  readonly id: 'flatcar' | 'fcos' | 'ignition' | 'cloud-init' | 'shell' | 'sysupdate' | 'uninstall';
  readonly title: string;
  readonly text: string;
}

/** Every way onto a host, and off it, of an image that is kept up to date or of one that stays. */
export function snippets(extension: Installable, kept: boolean): readonly Snippet[] {
  const config = kept ? updatingConfig(extension) : staticConfig(extension);
  return [
    { id: 'flatcar', title: 'Flatcar', text: butane(config) },
    { id: 'fcos', title: 'Fedora CoreOS', text: butane(forCoreos(config), { variant: 'fcos' }) },
    { id: 'ignition', title: 'Ignition', text: ignition(config) },
    { id: 'cloud-init', title: 'cloud-init', text: cloudConfig(extension, config) },
    { id: 'shell', title: 'Shell', text: installScript(extension, config) },
    ...(kept ? [{ id: 'sysupdate', title: 'sysupdate', text: sysupdate(extension) } as const] : []),
    { id: 'uninstall', title: 'Uninstall', text: uninstallScript(extension) },
  ];
}

/** Flatcar merges extensions at every boot; Fedora CoreOS must be told, and has no built-in ones to switch off. */
function forCoreos({ files, links, units }: HostConfig): HostConfig {
  return {
    files,
    links: links.filter(({ target }) => target !== '/dev/null'),
    units: [{ name: 'systemd-sysext.service', enabled: true }, ...units],
  };
}

/** The files of systemd-sysupdate, each below its path. */
function sysupdate(extension: Installable): string {
  const texts = updateFiles(extension).map(({ path, contents }) =>
    'inline' in contents
      ? `# ${path}\n${contents.inline.trimEnd()}\n`
      : `# ${path} is\n# ${contents.source}\n# ${contents.sha256 ?? ''}\n`,
  );
  return texts.join('\n');
}
