import { mkdir, mkdtempDisposable, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { formatCatalogue } from '@bakery/core/src/catalogue/catalogue.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { sampleCatalogue } from '@bakery/core/testing/sample-catalogue.ts';
import { freePort, startProgram } from '@bakery/testbed/started-program.ts';
import type { Io } from '../io.ts';
import { runProgram } from '../program.ts';
import { terminalReport } from '../terminal-report.ts';

const main = join(import.meta.dirname, '../main.ts');

it('redirects to the releases of a repository, says so in JSON, and stops when told', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const argv = [process.execPath, main, 'serve', '--port', `${port}`, '--repo', 'baker/bakery'];
  const env = { PATH: process.env['PATH'], GITHUB_SERVER_URL: 'https://ghes.example' };
  await using program = await startProgram(argv, env, `${url}healthz`);
  const answer = await fetch(`${url}extensions/k3s.conf`, { redirect: 'manual' });
  expect(answer.headers.get('location')).toBe(
    'https://ghes.example/baker/bakery/releases/download/k3s/k3s.conf',
  );
  expect(await program.stop()).toBe(0);
  const lines = program.said().trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    level: 'info',
    method: 'GET',
    path: '/extensions/k3s.conf',
    status: 302,
    location: answer.headers.get('location'),
  });
});

it('serves the folder of a directory store without a repository', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'serve-command-'));
  await mkdir(join(folder.path, 'k3s'));
  await writeFile(join(folder.path, 'k3s/SHA256SUMS'), 'sums\n');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const argv = [process.execPath, main, 'serve', '--port', `${port}`, '--store', `dir:${folder.path}`];
  const env = { PATH: process.env['PATH'], HOME: folder.path };
  await using program = await startProgram(argv, env, `${url}k3s/SHA256SUMS`);
  expect(await program.stop()).toBe(0);
  expect(program.said()).toContain('200 /k3s/SHA256SUMS\n');
});

it('shows people the site of what the store has published, as it is now', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'serve-command-'));
  const catalogue = join(folder.path, 'catalogue.json');
  await writeFile(catalogue, formatCatalogue(sampleCatalogue));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const argv = [process.execPath, main, 'serve', '--port', `${port}`, '--store', `dir:${folder.path}`];
  const env = { PATH: process.env['PATH'], HOME: folder.path };
  await using program = await startProgram(argv, env, url);
  const first = await fetch(url);
  expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await first.text()).toContain('<a href="k3s/index.html">k3s</a>');
  expect(await (await fetch(`${url}k3s/`)).text()).toContain('k3s-v1.34.2+k3s1-r1-x86-64.raw');
  expect((await fetch(`${url}site.css`)).headers.get('content-type')).toContain('text/css');
  expect((await fetch(`${url}k3s/nothing`)).status).toBe(404);
  expect(await (await fetch(`${url}catalogue.json`)).text()).toBe(formatCatalogue(sampleCatalogue));
  await writeFile(catalogue, formatCatalogue({ ...sampleCatalogue, extensions: [] }));
  expect(await (await fetch(url)).text()).toContain('Nothing is published yet.');
  expect(await program.stop()).toBe(0);
});

const newer = formatCatalogue(sampleCatalogue).replace('"catalogue": 1', '"catalogue": 2');

it.each<[string, (path: string) => Promise<unknown>, string, boolean]>([
  ['damaged', (path) => writeFile(path, '{'), 'expected a catalogue', true],
  ['of a newer format', (path) => writeFile(path, newer), 'expected a catalogue', true],
  ['a folder', (path) => mkdir(path), 'expected a file, got a folder', false],
  ['a link to elsewhere', (path) => symlink('/etc/hostname', path), 'expected nothing outside of ', false],
  ['without end', endless, 'expected at most 67108864 bytes, got ', true],
])('serves hosts beside a catalogue that is %s, and says why people see no pages', async (...given) => {
  const [, make, why, isFile] = given;
  await using folder = await mkdtempDisposable(join(tmpdir(), 'serve-command-'));
  await make(join(folder.path, 'catalogue.json'));
  await writeFile(join(folder.path, 'SHA256SUMS'), 'sums\n');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const argv = [process.execPath, main, 'serve', '--port', `${port}`, '--store', `dir:${folder.path}`];
  const env = { PATH: process.env['PATH'], HOME: folder.path };
  await using program = await startProgram(argv, env, `${url}healthz`);
  expect(await (await fetch(`${url}SHA256SUMS`)).text()).toBe('sums\n');
  expect((await fetch(`${url}SHA256SUMS.gpg`)).status).toBe(404);
  const home = await fetch(url, { redirect: 'manual' });
  expect([home.status, home.headers.get('location')]).toEqual(
    isFile ? [302, '/catalogue.json'] : [404, null],
  );
  expect(await program.stop()).toBe(0);
  expect(program.said()).toMatch(/no pages for people: .*catalogue\.json: /);
  expect(program.said()).toContain(why);
});

it.each([
  [['--repo', 'nonsense'], 'bakery: repository to redirect to: expected OWNER/REPO, got "nonsense"\n'],
  [['--repo', 'a/b', '--server', 'x'], 'bakery: server to redirect to: expected https://HOST, got "x"\n'],
])('says what is wrong with %j', async (options, complaint) => {
  let said = '';
  const err = { write: (text: string) => (said += text) };
  const io: Io = {
    env: {},
    cwd: tmpdir(),
    homedir: tmpdir(),
    tmpdir: tmpdir(),
    isRoot: false,
    ownRecipes: tmpdir(),
    exec: spawnExec({}),
    report: terminalReport(err),
    out: err,
    err,
  };
  expect(await runProgram(['serve', ...options], io)).toBe(1);
  expect(said).toBe(complaint);
});

async function endless(path: string): Promise<void> {
  await writeFile(path, '');
  await truncate(path, 2 ** 36);
}
