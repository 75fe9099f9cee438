import { chmod, chown, constants, copyFile, link, mkdir, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { OwnedFolder } from '../lifetime/owned-folder.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import { endedWith, lastLines } from '../ports/last-lines.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import {
  type Cage,
  cageArguments,
  type CageContext,
  cleanEnvironment,
  findCage,
  memory,
  nobody,
} from './cage.ts';
import { openFolders } from './open-folders.ts';

/** A place where a stranger's image is looked at. Programs started in it can harm nothing outside, as far as the machine allows. */
export interface Room extends AsyncDisposable {
  /** The image as the bakery itself sees it. */
  readonly image: string;
  /** An empty folder to unpack into, as the bakery itself sees it. */
  readonly folder: string;
  /** Both as programs of `run` see them. */
  readonly names: { readonly image: string; readonly folder: string };
  /** Bytes that can be written here. */
  free(): Promise<number>;
  /** Resolves to stdout; a program that fails or takes too much is a UserError. `bytes`: what it may write. */
  readonly run: (program: string, args: readonly string[], bytes?: number) => Promise<string>;
}

export interface RoomContext extends CageContext {
  /** An existing folder with room for an unpacked image. */
  readonly temporary: string;
}

const MiB = 2 ** 20;
const mostOutput = 256 * MiB; // bytes; a list of a million names
const leastSeconds = 60;
const mostSeconds = 3600;
const patience = 10; // seconds by the clock for each of the processor's: the machine may be busy
const slack = 1 * MiB; // bytes a file may be larger than told

/** Takes an image into a new folder below `temporary`. */
export async function openRoom(image: string, ctx: RoomContext): Promise<Room> {
  const cage = await findCage(ctx);
  const owned = await scratchFolder(ctx.temporary);
  const { path } = owned;
  const folder = join(path, 'tree');
  try {
    await chmod(path, 0o711);
    await mkdir(folder, { mode: 0o755 });
    if (cage.isNobody) await chown(folder, nobody, nobody);
    const taken = await takeImage(image, path, cage);
    const { size } = await stat(image);
    return {
      image,
      folder,
      names: { image: taken.name, folder: 'tree' },
      async free() {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      },
      run: (program, args, bytes = 0) =>
        runIn(
          { path, folder, cage, shown: taken.shown, seconds: secondsFor(size + bytes), bytes },
          [program, ...args],
          ctx,
        ),
      [Symbol.asyncDispose]: () => remove(owned),
    };
  } catch (error) {
    await remove(owned);
    throw error;
  }
}

type Shown = readonly { readonly file: string; readonly as: string }[];

/**
 * Makes the image readable for somebody who may neither read it nor enter the folders above it. A link or a
 * mount shows it under another name; without the right to read it, only a copy helps.
 */
async function takeImage(
  image: string,
  path: string,
  { isNobody, isClosed }: Cage,
): Promise<{ readonly name: string; readonly shown: Shown }> {
  if (!isNobody) return { name: image, shown: [] };
  const name = join(path, 'image');
  const isReadable = ((await stat(image)).mode & 0o004) !== 0;
  if (isReadable && isClosed) {
    await writeFile(name, '');
    return { name: 'image', shown: [{ file: image, as: name }] };
  }
  if (!isReadable || !(await isDone(link(image, name)))) {
    await copyFile(image, name, constants.COPYFILE_FICLONE);
    await chmod(name, 0o444);
  }
  return { name: 'image', shown: [] };
}

async function isDone(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
}

interface CagedRoom {
  readonly path: string;
  readonly folder: string;
  readonly cage: Cage;
  readonly shown: Shown;
  readonly seconds: number;
  readonly bytes: number;
}

async function runIn(
  { path, folder, cage, shown, seconds, bytes }: CagedRoom,
  command: readonly [string, ...string[]],
  ctx: RoomContext,
): Promise<string> {
  const search = withSystemFolders(ctx.path);
  const run = { start: path, folder, shown, seconds, fileSize: bytes + slack, path: search };
  const [program = '', ...args] = cageArguments(cage, run, command);
  const { code, stdout, stderr } = await ctx.exec.run(program, args, {
    cwd: path,
    env: cleanEnvironment(search),
    mostOutput,
    mostSeconds: seconds * patience,
  });
  if (code === 0) return stdout;
  const said = lastLines({ stdout, stderr });
  throw new UserError(
    'program.failed',
    `${command[0]}: ${showEnd(code, seconds)}${said === '' ? '' : `\n  ${said}`}`,
  );
}

function showEnd(code: number, seconds: number): string {
  if (code < 128) return endedWith(code);
  return `crashed, or took more than ${seconds} s or ${memory / MiB} MiB of memory`;
}

function secondsFor(bytes: number): number {
  return Math.min(mostSeconds, leastSeconds + Math.ceil(bytes / MiB));
}

/** Folders in it may be closed even to their owner. */
async function remove(owned: OwnedFolder): Promise<void> {
  await openFolders(owned.path);
  await owned[Symbol.asyncDispose]();
}
