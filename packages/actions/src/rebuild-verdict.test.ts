import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { judgedIn, readVerdicts, type RebuildVerdict, verdictFile } from './rebuild-verdict.ts';

const run = 'https://ci.example/runs/7';
const planned = [{ extension: 'alpha', version: '1.0', arch: 'arm64' }];
const rebuild = { verdict: 'same', at: '2026-03-02T04:00:00Z', machine: 'debian 12 x86_64' };
const told: RebuildVerdict = {
  extension: 'alpha',
  version: '1.0',
  arch: 'arm64',
  verdict: 'same',
  why: 'the same bytes',
  judged: { sha256: '0'.repeat(64), rebuild },
};

it('tells the catalogue what the run was to build again, and which run that was', () => {
  expect(judgedIn([told], planned, run)).toEqual([
    { extension: 'alpha', version: '1.0', sha256: '0'.repeat(64), rebuild: { ...rebuild, url: run } },
  ]);
});

it.each([
  ['another extension', { ...told, extension: 'beta' }],
  ['another version', { ...told, version: '1.1' }],
  ['another architecture', { ...told, arch: 'x86-64' }],
])('tells nothing of %s', (_what, one) => {
  expect(judgedIn([one], planned, run)).toEqual([]);
});

it('tells nothing of an image that nobody could build for now', () => {
  const { judged: _, ...away } = told;
  expect(judgedIn([{ ...away, verdict: 'not built' }], planned, run)).toEqual([]);
});

it('reads what a job left of the image in the name of its folder, and no link, no other image and no book', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'verdicts-'));
  const leave = async (name: string, text: string): Promise<string> => {
    await mkdir(join(folder.path, name));
    const file = join(folder.path, name, verdictFile);
    await writeFile(file, text);
    return file;
  };
  const own = await leave('rebuilt@alpha@1.0@arm64', JSON.stringify(told));
  await leave('rebuilt@beta@1.0@arm64', JSON.stringify(told));
  await leave(
    'rebuilt@alpha@1.0@x86-64',
    JSON.stringify({ ...told, arch: 'x86-64', why: 'x'.repeat(300_000) }),
  );
  await leave('rebuilt@alpha@1.1@arm64', 'no JSON');
  await mkdir(join(folder.path, 'rebuilt@alpha@1.2@arm64'));
  await symlink(own, join(folder.path, 'rebuilt@alpha@1.2@arm64', verdictFile));
  expect(await readVerdicts(folder.path)).toEqual([told]);
});
