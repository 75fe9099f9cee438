import { mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { YAMLParseError } from 'yaml';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { parseYaml } from '../language/foreign-data.ts';
import { errorCode } from '../lifetime/file-errors.ts';
import { findInFolder } from '../lifetime/find-inside.ts';
import { readInside } from '../lifetime/open-inside.ts';

const mostBytes = 64 * 1024 * 1024; // of all files: a guest reads its configuration into memory
const mostEntries = 10_000; // of all trees

/**
 * Copies what a Butane configuration names with `local` from the folder `from` to the folder `to`. butane follows
 * symlinks wherever they lead and waits for pipes, so it only gets to see the copies; what is not there, or is called by
 * a path that leads out, is left for it to name the line. UserError for what is no file or folder, and for links out of
 * `from`, which is shown as `shown`.
 */
export async function copyButaneFiles(
  text: string,
  { from, to, shown }: { readonly from: string; readonly to: string; readonly shown: string },
): Promise<void> {
  const copy: Copying = { from, to, shown, links: [], left: { bytes: mostBytes, entries: mostEntries } };
  const names = namedIn(read(text, shown)).map((name) => posix.normalize(name).replace(/^\/+/, ''));
  for (const name of new Set(names.filter((one) => !/^\.\.(\/|$)/.test(one))))
    await copyEntry(name, name, copy);
  // Last of all, so that nothing was ever written through one.
  for (const { path, target } of copy.links) await symlink(target, path).catch(unlessThere);
}

interface Copying {
  readonly from: string;
  readonly to: string;
  readonly shown: string;
  /** Of trees, of which butane makes links of the guest. */
  readonly links: { readonly path: string; readonly target: string }[];
  readonly left: { bytes: number; entries: number };
}

function read(text: string, shown: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    const at = cause instanceof YAMLParseError ? cause.linePos?.[0] : undefined;
    const place = at === undefined ? shown : `${shown}:${at.line}:${at.col}`;
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new UserError('input.invalid', `${place}: expected YAML, got: ${why}`, { cause });
  }
}

const Mapping = z.record(z.string(), z.unknown());

/** Values of `local`, `contents_local`, `ssh_authorized_keys_local` and whatever else ends so. */
function namedIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(namedIn);
  const entries = Object.entries(Mapping.safeParse(data).data ?? {});
  return entries.flatMap(([key, value]) => {
    const named = /(^|_)local$/.test(key) ? [value].flat().filter((one) => typeof one === 'string') : [];
    return [...named, ...namedIn(value)];
  });
}

async function copyEntry(name: string, place: string, copy: Copying): Promise<void> {
  const { from, to, shown, links, left } = copy;
  const found = findInFolder(from, name, dirname(shown));
  if (found === undefined) return;
  left.entries -= 1;
  if (left.entries < 0) throw tooMuch(shown, `${mostEntries} files and folders`);
  const target = join(to, place);
  if (!found.stats.isDirectory()) {
    const bytes = await readInside(from, found.path, { maxBytes: left.bytes, shown: dirname(shown) });
    left.bytes -= bytes?.length ?? 0;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes ?? '', { mode: found.stats.mode & 0o777 });
    return;
  }
  await mkdir(target, { recursive: true });
  for (const entry of await readdir(found.at, { withFileTypes: true })) {
    const inner = posix.join(place, entry.name);
    if (entry.isSymbolicLink())
      links.push({ path: join(to, inner), target: await readlink(join(found.at, entry.name)) });
    else await copyEntry(posix.join(name, entry.name), inner, copy);
  }
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}

function tooMuch(shown: string, most: string): UserError {
  return new UserError('path.too-large', `${shown}: expected local files of at most ${most}, got more`);
}
