import { butane } from '@bakery/install/butane.ts';
import { updatingConfig, type Installable } from '@bakery/install/extension-config.ts';
import type { HostConfig } from '@bakery/install/host-config.ts';

/** Entries of the lists of a Butane configuration, as text; those of several extensions follow each other. */
export interface Parts {
  readonly files: string;
  readonly links: string;
  /** Links that switch built-in extensions off, where there are any. */
  readonly masks: string;
  /** Drop-ins of systemd-sysupdate.service, of which there is one for all. */
  readonly dropins: string;
  readonly units: string;
}

const service = 'systemd-sysupdate.service';
const timer = 'systemd-sysupdate.timer';

/** What an extension adds to a configuration of several; `common` is there once. */
export function partsOf(extension: Installable): { readonly own: Parts; readonly common: string } {
  const { files, links, units } = updatingConfig(extension);
  const shared = files.filter(({ path }) => !isOwn(path, extension.name));
  const own = units.filter(({ name }) => name !== service && name !== timer);
  const dropins = units.find(({ name }) => name === service)?.dropins ?? [];
  return {
    own: {
      files: entries({ files: files.filter((one) => !shared.includes(one)) }, '  files:\n'),
      links: entries({ links: links.filter(({ target }) => target !== '/dev/null') }, '  links:\n'),
      masks: entries({ links: links.filter(({ target }) => target === '/dev/null') }, '  links:\n'),
      dropins: entries({ units: [{ name: service, dropins }] }, '      dropins:\n'),
      units: entries({ units: own }, '  units:\n'),
    },
    common: entries({ files: shared }, '  files:\n'),
  };
}

function isOwn(path: string, name: string): boolean {
  return path.startsWith(`/opt/extensions/${name}/`) || path.startsWith(`/etc/sysupdate.${name}.d/`);
}

function entries(config: Partial<HostConfig>, behind: string): string {
  const text = butane(config);
  const start = text.indexOf(behind);
  return start === -1 ? '' : text.slice(start + behind.length);
}
