import { realpath } from 'node:fs/promises';
import type { Exec } from '../../ports/exec.ts';

/** What of a repository lies in a folder of its work tree. */
export interface GitState {
  /** Of origin, without credentials; absent when origin is a folder or there is none. */
  readonly repository?: string;
  readonly commit: string;
  /** The folder as seen from the top of the work tree; `.` for the top. */
  readonly path: string;
  /** Whether what was asked about differs from the commit. */
  readonly changed: boolean;
}

export interface GitContext {
  readonly exec: Exec;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The state of what `paths` (as git has pathspecs) match in `folder`; `undefined` where git knows nothing of it. */
export async function gitState(
  folder: string,
  paths: readonly string[],
  { exec, env }: GitContext,
): Promise<GitState | undefined> {
  const workspace = env['GITHUB_WORKSPACE'] ?? '';
  // No program that a repository's configuration names is started, and a runner's workspace is ours whoever owns it.
  const settings = ['core.fsmonitor=false', ...(workspace === '' ? [] : [`safe.directory=${workspace}`])];
  const git = async (...args: string[]): Promise<string | undefined> => {
    const options = { cwd: folder, env: gitEnvironment };
    const argv = [...settings.flatMap((setting) => ['-c', setting]), ...args];
    const { code, stdout } = await exec.run('git', argv, options).catch(() => ({ code: 1, stdout: '' }));
    return code === 0 ? stdout : undefined;
  };
  const [top, commit] = (await git('rev-parse', '--show-toplevel', 'HEAD'))?.split('\n') ?? [];
  const prefix = await git('rev-parse', '--show-prefix');
  // What is ignored goes into an image as well.
  const status = await git('status', '--porcelain', '--untracked-files=all', '--ignored', '--', ...paths);
  if (top === undefined || commit === undefined || prefix === undefined || status === undefined)
    return undefined;
  const isOfThisRun = commit === env['GITHUB_SHA'] && top === (await realpath(workspace).catch(() => ''));
  const repository = isOfThisRun
    ? `${env['GITHUB_SERVER_URL']}/${env['GITHUB_REPOSITORY']}`
    : withoutCredentials((await git('config', '--get', 'remote.origin.url'))?.trim() ?? '');
  return {
    ...(repository === undefined ? {} : { repository }),
    commit,
    path: prefix.trim().replace(/\/$/, '') || '.',
    changed: status !== '',
  };
}

/** Of a hook that we may be run by: it is about another repository. */
const gitEnvironment = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
  GIT_OPTIONAL_LOCKS: '0', // Status writes nothing then.
};

/** A URL that may be published; `undefined` for a folder, whose name is nobody’s business. */
export function withoutCredentials(origin: string): string | undefined {
  if (/^[\w.-]+@[\w.-]+:(?!\/\/)/.test(origin)) return origin; // user@host:path, which has no place for a password
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  if (url.host === '') return undefined;
  url.password = '';
  if (url.protocol !== 'ssh:') url.username = ''; // Tokens stand there as well.
  url.search = '';
  url.hash = '';
  return url.href;
}
