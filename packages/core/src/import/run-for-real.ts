import { createHash } from 'node:crypto';
import { copyFile, link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Content } from '../compare/contents.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { isExpected, whatToExpect } from './expected-addresses.ts';
import { howItEnded } from './explain-events.ts';
import { playForReal } from './play-for-real.ts';
import { record } from './recording.ts';
import { isPublic } from './refuse-own-network.ts';
import { runSandboxed, type SandboxContext } from './sandbox.ts';

export interface RealRun {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

export interface RealContext extends SandboxContext {
  /** An empty folder for what the script wants to have. */
  readonly fetched: string;
  /** A file of this machine with what stands at an address; nothing when nothing stands there. */
  fetch(url: string): Promise<string | undefined>;
}

/** What a script makes of downloads that are the real ones. */
export interface RealTree {
  readonly entries: ReadonlyMap<string, Content>;
  /** Addresses it asked for. */
  readonly fetched: readonly string[];
}

const room = 2048 * 2 ** 20; // bytes, of memory
const cpuSeconds = 300; // xz takes 20 s for what 1 GiB comes out of
const mostAddresses = 200; // kata-containers, which has the most, asks for 9
const mostRounds = 40; // a script that stops at each file it misses has as many rounds as files

/**
 * Runs populate_sysext_root in the sandbox with the system's programs. It has no network: what it asks for is fetched
 * out here, and it starts over, until nothing is missing.
 */
export async function runForReal(run: RealRun, context: RealContext): Promise<RealTree> {
  const { folder, name, version, arch } = run;
  const ctx = { cpuSeconds, ...context };
  const recorded = await record({ folder, name }, { mode: 'populate', arch, version, options: {} }, context);
  const expected = whatToExpect(recorded);
  const fetched = new Set<string>();
  for (let round = 0; round < mostRounds; round++) {
    const ended = await play(run, ctx);
    const wanted = new Set(ended.wanted.filter((url) => !fetched.has(url)));
    if (fetched.size + wanted.size > mostAddresses) throw tooMany(fetched.size + wanted.size);
    // What it makes of an answer that it has not got yet says nothing.
    const granted = [...wanted].filter((url) => isPublic(url) && isExpected(url, expected));
    for (const url of granted) {
      await provide(url, context);
      fetched.add(url);
    }
    if (granted.length > 0) continue;
    const [refused] = wanted;
    if (refused !== undefined) throw refusal(refused);
    const [problem] = howItEnded(ended, 'populate_sysext_root, run with real downloads,');
    if (problem !== undefined) throw new UserError('program.failed', problem);
    return { entries: ended.entries, fetched: [...fetched] };
  }
  throw new UserError(
    'program.failed',
    `create.sh: expected at most ${mostRounds} runs to find all it downloads`,
  );
}

/**
 * What a script reads of one answer must not leave this machine by the next address, or a stranger's script could carry
 * away what only this machine can see. So all but a version has to be known beforehand.
 */
function refusal(url: string): UserError {
  return new UserError(
    'input.invalid',
    `create.sh: expected public https addresses that do not depend on what it read, but for a version; it asks for ${url}`,
  );
}

function tooMany(count: number): UserError {
  return new UserError(
    'program.failed',
    `create.sh: expected at most ${mostAddresses} addresses to download from, got ${count}`,
  );
}

/** Puts what stands at an address where the script finds it. */
async function provide(url: string, context: RealContext): Promise<void> {
  const key = join(context.fetched, createHash('sha256').update(url).digest('hex'));
  const file = await context.fetch(url);
  if (file === undefined) await writeFile(`${key}.none`, '');
  else await link(file, key).catch(() => copyFile(file, key));
}

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly wanted: readonly string[];
  readonly entries: ReadonlyMap<string, Content>;
}

async function play({ folder, name, version, arch }: RealRun, context: RealContext): Promise<Ended> {
  const { fetched } = context;
  const args = [name, arch, version];
  const printed = await runSandboxed(playForReal, { folder, name, args, fetched, room }, context);
  const [code = '', said = '', wanted = '', list = '', sums = ''] = printed.split('\u001d');
  const hashes = new Map(
    partsOf(sums).map(
      (line) => [line.slice(line.indexOf(' ') + '  root'.length), line.slice(0, 64)] as const,
    ),
  );
  const entries = partsOf(list)
    .map((line): Content => contentOf(line.split('\u001f'), hashes))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    code: Number(code),
    said,
    wanted: partsOf(wanted),
    entries: new Map(entries.map((entry) => [entry.path, entry])),
  };
}

const kinds: Readonly<Record<string, Content['kind']>> = { f: 'file', d: 'directory', l: 'symlink' };

function contentOf(
  [letter = '', mode = '', path = '', target = '', size = '']: readonly string[],
  hashes: ReadonlyMap<string, string>,
): Content {
  const kind = kinds[letter] ?? 'special';
  const sha256 = hashes.get(path);
  return {
    path,
    kind,
    mode: Number.parseInt(mode, 8),
    uid: 0,
    gid: 0,
    size: kind === 'directory' ? 0 : Number(size),
    ...(kind === 'symlink' ? { target } : {}),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

function partsOf(text: string): string[] {
  return text.split('\u001e').filter((one) => one !== '');
}
