import { posix } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { TextFile } from '../sysupdate/transfer.ts';
import type { Role } from './partitions.ts';

/** An extension to put into an OS image. */
export interface Extension {
  readonly name: string;
  /** Path of its image. */
  readonly path: string;
  /** What the image is called on the host: `NAME-VERSION-ARCH.raw`, so that updates count it as a version. */
  readonly file: string;
  /** Its sysupdate files. */
  readonly updates: readonly TextFile[];
}

/** What goes into a partition, by path from its top: copies of files, texts and links. */
export interface Layout {
  readonly copies: ReadonlyMap<string, string>;
  readonly texts: ReadonlyMap<string, string>;
  readonly links: ReadonlyMap<string, string>;
}

/** Where images lie: a partition, and a folder on it in which each extension has its own. */
export interface InstallTo {
  readonly role: Role;
  readonly folder: string;
}

/** Where sysupdate files of the bakery expect images. */
export const defaultInstallTo: InstallTo = { role: 'root', folder: '/opt/extensions' };

/** Reads `root:/FOLDER` or `oem:/FOLDER`. */
export function parseInstallTo(text: string): InstallTo {
  const [, role, folder] = /^(root|oem):(\/[A-Za-z0-9._/-]*)$/.exec(text) ?? [];
  const isPlain = folder?.split('/').every((part) => part !== '.' && part !== '..') === true;
  if ((role === 'root' || role === 'oem') && folder !== undefined && isPlain)
    return { role, folder: posix.join('/', folder, '.') };
  throw new UserError('input.invalid', `--install-to: expected root:/FOLDER or oem:/FOLDER, got "${text}"`);
}

/** What each partition gets, so that a host merges the extensions at its first boot. */
export function layoutOf(extensions: readonly Extension[], { role, folder }: InstallTo): Map<Role, Layout> {
  const seenFrom = role === 'oem' ? '/oem' : '';
  const place = ({ name, file }: Extension): string => posix.join(folder, name, file);
  const copies = new Map(extensions.map((one) => [place(one), one.path]));
  const links = new Map(
    extensions.map((one) => [`/etc/extensions/${one.name}.raw`, `${seenFrom}${place(one)}`]),
  );
  const texts = new Map(
    extensions.flatMap(({ name, updates }) =>
      updates.map((update) => [`/etc/sysupdate.${name}.d/${update.name}`, update.text] as const),
    ),
  );
  const nothing = new Map<string, string>();
  return role === 'root'
    ? new Map([['root', { copies, texts, links }]])
    : new Map([
        ['oem', { copies, texts: nothing, links: nothing }],
        ['root', { copies: nothing, texts, links }],
      ]);
}
