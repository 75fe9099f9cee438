import { chmod, lutimes, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { Arch } from '../names/arch.ts';

/** What an image says of the hosts it fits, in the words of os-release(5) and systemd-sysext(8). */
export interface ExtensionRelease {
  /** The image's name without version, arch and `.raw`. */
  readonly name: string;
  readonly os: {
    /** `ID=` of the only OS it fits, or `_any`. */
    readonly id: string;
    /** `SYSEXT_LEVEL=` of its hosts. */
    readonly level?: string | undefined;
    /** `VERSION_ID=` of its hosts. */
    readonly version?: string | undefined;
  };
  readonly arch: Arch;
  /** Have the service manager reload its units when the image is merged. */
  readonly reload: boolean;
}

export const extensionReleaseFolder = 'usr/lib/extension-release.d';

/** Where the file stands in an image, relative to its root. */
export function extensionReleasePath(name: string): string {
  return `${extensionReleaseFolder}/extension-release.${name}`;
}

export function extensionReleaseText(release: ExtensionRelease): string {
  const { os, arch, reload } = release;
  const lines = [
    `ID=${requireValue('ID', os.id, /^[a-z0-9._-]+$/, 'lower-case letters, digits, ".", "_" and "-"')}`,
    ...assignment('SYSEXT_LEVEL', os.level),
    ...assignment('VERSION_ID', os.version),
    `ARCHITECTURE=${arch}`,
    ...(reload ? ['EXTENSION_RELOAD_MANAGER=1'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Writes the file into the tree at `root`; `epoch` in seconds since 1970. */
export async function writeExtensionRelease(
  root: string,
  release: ExtensionRelease,
  epoch: number,
): Promise<void> {
  const path = join(root, extensionReleasePath(release.name));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, extensionReleaseText(release));
  await chmod(path, 0o644); // whatever the umask was
  await lutimes(path, epoch, epoch);
}

/** The assignments in text of os-release syntax, quotes taken off. */
export function parseRelease(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, key, value = ''] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
  });
  return Object.fromEntries(pairs);
}

function assignment(key: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return [`${key}=${requireValue(key, value, /^[A-Za-z0-9._-]+$/, 'letters, digits, ".", "_" and "-"')}`];
}

/** Values that need no quotes: shells and every systemd read them alike. */
function requireValue(key: string, value: string, allowed: RegExp, expected: string): string {
  if (allowed.test(value)) return value;
  throw new UserError(
    'name.invalid',
    `extension-release: ${key}: expected ${expected}, got ${JSON.stringify(value)}`,
  );
}
