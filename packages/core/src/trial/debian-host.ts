import { createHash } from 'node:crypto';
import { mkdir, rename, stat } from 'node:fs/promises';
import { machine } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { absent } from '../lifetime/file-errors.ts';
import { lock } from '../lifetime/lock.ts';
import { ownedFolder, removeAbandoned } from '../lifetime/owned-folder.ts';
import type { Report } from '../ports/report.ts';
import { runChecked } from '../ports/run-checked.ts';
import type { Host } from './host.ts';
import { findEntrance, hostAt, type HostContext } from './this-host.ts';

export interface DebianContext extends HostContext {
  readonly report: Report;
  readonly cacheFolder: string;
  readonly offline: boolean;
}

/** systemd 252, 257, and the newest there is. */
export const debianSuites = ['bookworm', 'trixie', 'sid'] as const;
export type DebianSuite = (typeof debianSuites)[number];

/**
 * A Debian with nothing but its base, systemd and /bin/kill, which units reload by, from its own mirrors: what is missing
 * there is missing on some host.
 * Made once and kept in the cache; nobody writes to it.
 */
export async function debianHost(suite: DebianSuite, context: DebianContext): Promise<Host> {
  if (!context.isRoot) {
    throw new UserError(
      'trial.no-host',
      `--host debian:${suite}: expected to be root, to make a system and enter it`,
    );
  }
  const entrance = await findEntrance(context);
  return hostAt(await debianRoot(suite, context), entrance, context);
}

async function debianRoot(
  suite: DebianSuite,
  { exec, report, cacheFolder, offline }: DebianContext,
): Promise<string> {
  const roots = join(cacheFolder, 'hosts');
  const root = join(roots, rootName(suite));
  if ((await stat(root).catch(absent)) !== undefined) return root;
  if (offline) {
    throw new UserError(
      'fetch.offline',
      `Debian ${suite}: expected it in the cache (--offline), found it was never fetched`,
    );
  }
  await mkdir(roots, { recursive: true });
  await using _held = await lock(join(roots, 'lock'));
  if ((await stat(root).catch(absent)) !== undefined) return root;
  await removeAbandoned(roots, 'partial-');
  await using partial = await ownedFolder(roots, 'partial-');
  await report.group(`Make a Debian ${suite} to test on (once)`, async () => {
    const made = join(partial.path, 'root');
    await runChecked(exec, 'mmdebstrap', debianRootArgs(suite, made), { isApart: true });
    await rename(made, root);
  });
  return root;
}

/** A root of another architecture, or made in another way, is another one. */
function rootName(suite: DebianSuite): string {
  const way = createHash('sha256').update(debianRootArgs(suite, '').join('\0')).digest('hex');
  return `debian-${suite}-${machine()}-${way.slice(0, 12)}`;
}

function debianRootArgs(suite: DebianSuite, output: string): string[] {
  return [
    '--quiet',
    '--mode=root',
    '--format=directory',
    '--variant=minbase',
    '--include=systemd,procps',
    ...(suite === 'sid' ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []), // mirrors of it lag behind
    '--',
    suite,
    output,
  ];
}
