import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `PATH → sha256` of all files of a store, hidden ones left out, and when versions were published, which is never twice the same. */
export async function filesOf(store: string): Promise<Record<string, string>> {
  const files = await listFiles(store);
  const hashed = files.map(async (path) => [path, await timelessHash(join(store, path))] as const);
  return Object.fromEntries(await Promise.all(hashed));
}

/** Paths of the images in a store that belong to a version’s own release. */
export async function releasedImages(store: string): Promise<string[]> {
  const files = await listFiles(store);
  return files.filter((path) => /^(.+)\/\1-(x86-64|arm64)\.raw$/.test(path));
}

/** Names and hashes in a `SHA256SUMS`; nothing when there is none. */
export async function manifestOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(folder, 'SHA256SUMS'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** Half-written things that lie in the store; the record of what is whole stays. */
export async function leftovers(store: string): Promise<string[]> {
  const names = await readdir(join(store, '.bakery')).catch(() => []);
  return names.filter((name) => name !== 'record');
}

async function timelessHash(path: string): Promise<string> {
  if (!path.endsWith('/catalogue.json')) return hashOf(path);
  const text = await readFile(path, 'utf8');
  return createHash('sha256')
    .update(text.replaceAll(/"date": "[^"]*"/g, ''))
    .digest('hex');
}

export async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** Device, number and size: what stays the same while nobody touches a file. */
export async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeMs } = await stat(path);
  return [dev, ino, size, mtimeMs].join(' ');
}

async function listFiles(store: string): Promise<string[]> {
  const entries = await readdir(store, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(store.length + 1))
    .filter((path) => !path.startsWith('.bakery/'))
    .toSorted();
}
