import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { routes } from '@bakery/core/src/hub/routes.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { caddyfile } from './caddyfile.ts';

const exec = spawnExec(process.env);
const repository = new URL('../../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, repository), 'utf8');

describe('the Caddyfile we deploy', () => {
  it('is what "pnpm generate" makes of the table', async () => {
    expect(await read('packages/redirect/deploy/Caddyfile')).toBe(caddyfile());
  });

  it('may be formatted by Caddy, which 2.6 indents the lines of noop.conf for', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'caddy-'));
    const { stdout } = await exec.run('caddy', ['fmt', '-'], {
      input: caddyfile(),
      env: { HOME: folder.path },
    });
    expect(trimmedLines(stdout)).toEqual(trimmedLines(caddyfile()));
    const [before = ''] = caddyfile().split('`[Source]');
    expect(stdout.startsWith(before)).toBe(true);
  });
});

describe('the rest of the deployment', () => {
  it('is a unit systemd finds no fault with', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'unit-'));
    const unit = await read('packages/redirect/deploy/bakery-redirect.service');
    const path = join(folder.path, 'bakery-redirect.service');
    // Neither Docker nor its unit is on this machine.
    const text = unit
      .replaceAll('/usr/bin/docker', '/bin/true')
      .replaceAll(/ ?docker\.service/g, '')
      .replace('Requires=\n', '');
    await exec.run('dd', [`of=${path}`, 'status=none'], { input: text });
    const { code, stderr } = await exec.run('systemd-analyze', ['verify', '--man=no', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('names only files that are there in its Butane file', async () => {
    const butane = parse(await read('packages/redirect/deploy/butane.yaml'));
    const locals: string[] = butane.storage.files.flatMap(
      (file: { contents: { local?: string } }) => file.contents.local ?? [],
    );
    expect(locals).toEqual(['Caddyfile', 'bakery-redirect.service']);
    for (const local of locals) expect(await read(`packages/redirect/deploy/${local}`)).not.toBe('');
  });
});

it('describes each route in docs/redirector.md', async () => {
  const page = await read('docs/redirector.md');
  for (const { form, release, file } of routes) {
    expect(page).toContain(`| ${form} |`);
    expect([release, file]).not.toContain('');
  }
});

function trimmedLines(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}
