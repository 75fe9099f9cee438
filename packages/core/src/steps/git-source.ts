import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { Mirrors } from '../fetch/mirrors.ts';
import { findInFolder } from '../lifetime/find-inside.ts';
import type { Exec } from '../ports/exec.ts';
import { endedWith, lastLines } from '../ports/last-lines.ts';
import * as git from './git-args.ts';

export interface GitSource {
  readonly git: string;
  readonly ref: string;
  readonly submodules: boolean | Readonly<Record<string, string>>;
}

/** Which commits a source was built from; `submodules` by folder. */
export interface GitRecord {
  readonly url: string;
  readonly ref: string;
  readonly commit: string;
  readonly submodules?: Readonly<Record<string, string>>;
}

interface Context {
  readonly exec: Exec;
  readonly mirrors: Mirrors;
  readonly offline: boolean;
}

const commitForm = /^[0-9a-f]{40}$/;

/** Puts the files of one commit into `folder`, without history; a tag comes before a branch of that name. */
export async function fetchGit(source: GitSource, folder: string, context: Context): Promise<GitRecord> {
  const { git: url, ref, submodules } = source;
  const { exec, mirrors } = context;
  if (context.offline) {
    throw new UserError(
      'fetch.offline',
      `${url} ${ref}: expected not to need the network (--offline), this source does`,
    );
  }
  const place = { url, folder, mirrors };
  const run = (args: readonly string[]) => runGit(exec, `${url} ${ref}`, folder, args);
  await mkdir(folder, { recursive: true });
  const wanted = await resolveRef(place, ref, run);
  await run(git.initArgs(place));
  await run(git.remoteArgs(place));
  await run(git.fetchArgs(place, wanted.fetch));
  const commit = (await run(git.fetchedCommitArgs(place))).trim();
  if (commit !== wanted.commit) {
    throw new UserError(
      'build.source',
      `${url} ${ref}: expected commit ${wanted.commit}, got ${commit}: it moved just now`,
    );
  }
  await run(git.checkoutArgs(place, commit));
  const record = { url, ref, commit };
  if (submodules === false) {
    await removeHistory(folder);
    return record;
  }
  await run(git.submodulesArgs(place));
  if (typeof submodules === 'object') await moveSubmodules(place, submodules, run);
  const status = await run(git.submoduleStatusArgs(place));
  await removeHistory(folder);
  return { ...record, submodules: parseStatus(status) };
}

/** Applies a patch file to a folder of sources. */
export async function applyPatch(patch: string, folder: string, exec: Exec): Promise<void> {
  // Sources may bring a repository of their own, whose settings would count.
  const env = { GIT_DIR: join(dirname(folder), 'no-repository') };
  await runGit(exec, `patch ${patch}`, folder, git.applyArgs(folder, patch), env);
}

type Run = (args: readonly string[]) => Promise<string>;

async function resolveRef(
  place: git.GitPlace,
  ref: string,
  run: Run,
): Promise<{ readonly fetch: string; readonly commit: string }> {
  if (commitForm.test(ref)) return { fetch: ref, commit: ref };
  const lines = (await run(git.listRefArgs(place, ref))).split('\n').map((line) => line.split('\t'));
  const commits = new Map(lines.map(([commit = '', name = '']) => [name, commit]));
  const tag = commits.get(`refs/tags/${ref}^{}`) ?? commits.get(`refs/tags/${ref}`);
  if (tag !== undefined) return { fetch: `refs/tags/${ref}`, commit: tag };
  const branch = commits.get(`refs/heads/${ref}`);
  if (branch !== undefined) return { fetch: `refs/heads/${ref}`, commit: branch };
  throw new UserError('build.source', `${place.url}: expected a tag or branch "${ref}", found none`);
}

async function moveSubmodules(
  place: git.GitPlace,
  commits: Readonly<Record<string, string>>,
  run: Run,
): Promise<void> {
  for (const [path, commit] of Object.entries(commits)) {
    const found = findInFolder(place.folder, path, place.url);
    if (found === undefined || findInFolder(place.folder, join(path, '.git'), place.url) === undefined) {
      throw new UserError('build.source', `${place.url}: expected a submodule in ${path}, found none`);
    }
    const inside = { ...place, folder: found.at };
    await run(git.fetchArgs(inside, commit));
    await run(git.checkoutArgs(inside, commit));
    await run(git.submodulesArgs(inside));
  }
}

/** Lines like `+3f4… third_party/x (v1.2)`. */
function parseStatus(status: string): Record<string, string> {
  return Object.fromEntries(
    [...status.matchAll(/^[ +\-U]?([0-9a-f]{40}) (.+?)(?: \([^)]*\))?$/gm)].map(([, commit, path]) => [
      path ?? '',
      commit ?? '',
    ]),
  );
}

/** A build must not depend on history that a shallow clone has and a release archive has not. */
async function removeHistory(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter(({ name }) => name === '.git')
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(found.map((path) => rm(path, { recursive: true, force: true })));
}

async function runGit(
  exec: Exec,
  what: string,
  folder: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  // Never the repository the bakery itself may be in, and never a question on a terminal.
  const env = { GIT_CEILING_DIRECTORIES: dirname(folder), GIT_TERMINAL_PROMPT: '0', ...more };
  const { code, stdout, stderr } = await exec.run('git', args, { env });
  if (code === 0) return stdout;
  const said = lastLines({ stderr });
  throw new UserError('build.source', `${what}: git ${endedWith(code)}\n  ${said}`);
}
