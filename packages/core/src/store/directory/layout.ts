import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { globalTag, manifestName } from '../../names/manifest-name.ts';

/** What a store knows and what it has not finished; hidden, so that no listing takes it for a release. */
export const workFolder = '.bakery';

/** The folder of a release; what indexes everything lies in the root itself. */
export function folderOf(root: string, tag: string): string {
  return tag === globalTag ? root : join(root, plainName(tag));
}

/** Tags and asset names become file names; anything that could lead elsewhere is a bug of the caller. */
export function plainName(name: string): string {
  if (isPlain(name)) return name;
  throw new Error(`not a plain file name: ${JSON.stringify(name)}`);
}

export function isPlain(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._+@-]*$/.test(name);
}

/** Manifests and their signatures are written after all they name. */
export function isManifest(name: string): boolean {
  return name.startsWith(manifestName);
}

/** A new path for a file that is not finished; only the holder of the lock makes them. */
export function temporaryIn(root: string): string {
  return join(root, workFolder, `new-${randomUUID()}`);
}

export function isTemporary(name: string): boolean {
  return /^new-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);
}
