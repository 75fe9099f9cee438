import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { render } from '@bakery/core/src/language/template.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { commonValues } from '@bakery/core/src/recipe/placeholders.ts';
import { withEnvironment } from '../with-environment.ts';
import { withoutScheme } from './documents-of.ts';
import { renderMembers } from './expand-downloads.ts';
import type { Fixture, Repository } from './fixture.ts';
import { moveProgram } from './program-member.ts';

/** Fixed, so that a fixture gives the same commits everywhere. */
const who = {
  GIT_AUTHOR_NAME: 'upstream',
  GIT_AUTHOR_EMAIL: 'upstream@example.org',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'upstream',
  GIT_COMMITTER_EMAIL: 'upstream@example.org',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};
const exec = withEnvironment(
  spawnExec({ PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }),
  who,
);

/** Makes the repositories of a fixture below `folder`, `https://HOST/PATH` at `HOST/PATH`: a commit and a tag for each version. */
export async function makeRepositories(
  fixture: Fixture,
  folder: string,
  { withoutProgram }: { readonly withoutProgram: boolean },
): Promise<void> {
  for (const repository of fixture.repositories) {
    const path = join(folder, withoutScheme(repository.url));
    await mkdir(path, { recursive: true });
    await gitAsUpstream(path, ['init', '--quiet', '--initial-branch=main']);
    const oldestFirst = (repository.versions ?? fixture.versions).toReversed();
    for (const version of oldestFirst)
      await commitVersion(repository, version, path, fixture, withoutProgram);
  }
}

async function commitVersion(
  { files, tag }: Repository,
  version: string,
  path: string,
  { recipe }: Fixture,
  withoutProgram: boolean,
): Promise<void> {
  const values = commonValues({ name: recipe, version, arch: 'x86-64', archToken: '', options: {} });
  const members = renderMembers(files, values);
  for (const [name, member] of Object.entries(withoutProgram ? moveProgram(members) : members)) {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    const { text = '', mode = '0644' } = typeof member === 'string' ? {} : member;
    await writeFile(file, text, { mode: Number.parseInt(mode, 8) });
  }
  await gitAsUpstream(path, ['add', '--all']);
  await gitAsUpstream(path, ['commit', '--quiet', '--allow-empty', `--message=${version}`]);
  await gitAsUpstream(path, ['tag', render(tag, values)]);
}

/** Runs git in a repository, as somebody at a time that are always the same. */
export async function gitAsUpstream(path: string, args: readonly string[]): Promise<void> {
  await runChecked(exec, 'git', ['-C', path, ...args]);
}
