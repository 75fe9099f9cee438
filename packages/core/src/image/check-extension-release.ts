import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { error, warning, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { Arch } from '../names/arch.ts';
import { type ImageName, parseHostImageName } from '../names/image-name.ts';
import { extensionReleaseFolder, parseRelease } from '../systemd/extension-release.ts';
import type { Entry } from './entry.ts';

export interface ReleaseCheck {
  /** As far as the image and its file name agree on them. */
  readonly identity: ImageName | undefined;
  readonly arch: Arch | undefined;
  readonly findings: readonly Diagnostic[];
}

const longestRelease = 64 * 1024; // bytes; the longest of the field has 300

/** Holds the extension-release file of an unpacked image against the image's file name. */
export async function checkExtensionRelease(
  file: string,
  entries: readonly Entry[],
  folder: string,
): Promise<ReleaseCheck> {
  const names = releaseNames(entries);
  const [name] = names;
  const path = `/${extensionReleaseFolder}/extension-release.${name ?? 'NAME'}`;
  if (name === undefined || names.length > 1) {
    const got = names.length === 0 ? 'none' : names.join(', ');
    const message = `expected one extension-release file, got ${got}: systemd-sysext refuses the image`;
    return { identity: undefined, arch: undefined, findings: [error('image.release', path, message)] };
  }
  const identity = parseHostImageName(file, name);
  const size = entries.find((entry) => entry.path === path)?.size ?? 0;
  if (size > longestRelease) {
    const message = `expected at most ${longestRelease} bytes, got ${size}`;
    return { identity: undefined, arch: undefined, findings: [error('image.release', path, message)] };
  }
  const fields = parseRelease(await readRelease(join(folder, path)));
  const arch = Arch.safeParse(fields['ARCHITECTURE']).data;
  return {
    identity,
    arch,
    findings: [
      ...(identity === undefined ? [wrongName(path, file, name)] : []),
      ...checkFields(path, fields, identity?.arch),
    ],
  };
}

function releaseNames(entries: readonly Entry[]): string[] {
  const prefix = `/${extensionReleaseFolder}/extension-release.`;
  return entries
    .filter(({ path, kind }) => path.startsWith(prefix) && kind === 'file')
    .map(({ path }) => path.slice(prefix.length));
}

/** What is unpacked is somebody else's: never follow a link out of it. */
async function readRelease(path: string): Promise<string> {
  const stats = await lstat(path);
  return stats.isFile() ? readFile(path, 'utf8') : '';
}

function wrongName(path: string, file: string, name: string): Diagnostic {
  const message = `expected an image called ${name}.raw or ${name}-VERSION-ARCH.raw, got ${file}: systemd-sysext goes by the name`;
  return error('image.name', path, message);
}

function checkFields(
  path: string,
  fields: Readonly<Record<string, string>>,
  fileArch: Arch | undefined,
): Diagnostic[] {
  const findings: Diagnostic[] = [];
  if ((fields['ID'] ?? '') === '') {
    findings.push(error('image.release', path, 'expected ID=, got none: no host takes the image'));
  }
  const arch = fields['ARCHITECTURE'];
  const known = Arch.options.join(' or ');
  if (arch === undefined) {
    findings.push(
      warning('image.release', path, 'expected ARCHITECTURE=, got none: every host takes the image'),
    );
  } else if (!Arch.safeParse(arch).success) {
    findings.push(error('image.release', path, `expected ARCHITECTURE=${known}, got ${arch}`));
  } else if (fileArch !== undefined && arch !== fileArch) {
    const message = `expected ARCHITECTURE=${fileArch} as in the file name, got ${arch}`;
    findings.push(error('image.release', path, message));
  }
  return findings;
}
