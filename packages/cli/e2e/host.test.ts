import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { type FileServer, serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { openPage, startBrowser } from '@bakery/site/testing/browser.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { smoke } from '@bakery/testbed/debian-host/smoke.ts';
import { npmSettings } from './npm-settings.ts';
import { runWell } from './run-bakery.ts';

const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
/** Fast to make; the default is proved by one image. */
const quick = ['--compression', 'gzip', '--level', '1'];

let stack: AsyncDisposableStack;
let user: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
let server: FileServer;
let host: DebianHost;
beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'release-'))).path;
  const temporary = join(folder, 'tmp');
  await Promise.all([join(folder, 'out'), temporary].map((path) => mkdir(path)));
  // With the user's own home: npm's configuration, and a cache that outlives the test.
  user = {
    folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: homedir(), TMPDIR: temporary, ...npmSettings(process.env) },
  };
  server = stack.use(await serveFolder(join(folder, 'out')));
  host = stack.use(await startHost(root));
  await host.run('mkdir', ['/etc/extensions']);
  // No service manager runs here that scripts could ask for anything.
  await host.write('/usr/bin/systemctl', '#!/bin/sh\necho "$@" >>/run/asked\n');
  await host.run('chmod', ['0755', '/usr/bin/systemctl']);
});
afterAll(async () => stack.disposeAsync());

describe('a host with real systemd', () => {
  it('gets nodejs, bun and deno from a release, and runs them out of the merged /usr', async () => {
    await release(['nodejs:22.18.0', 'bun:1.3.14', 'deno:2.7.7', ...quick]);
    await using scripts = await scriptsOfSite();
    await runScript(await scripts.pick('nodejs', 'shell', '[data-stream="22."]'));
    expect(await images('nodejs')).toEqual(['nodejs-22.18.0']);
    expect(await host.read('/run/asked')).toContain('enable --now systemd-sysupdate.timer\n');
    await install('bun');
    await install('deno');
    expect(await update('bun')).toEqual(['bun-1.3.14']);
    expect(await update('deno')).toEqual(['deno-2.7.7']);
    expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
    await smokes('nodejs', '22.18.0');
    await smokes('bun', '1.3.14');
    await smokes('deno', '2.7.7');
  });

  it('gets the newer ones after the next release, keeps the older, and stays in its stream', async () => {
    await release(['nodejs:22.20.0', 'nodejs:24.20.0', 'deno:2.9.5', ...quick]);
    await release(['bun:1.4.5']);
    expect(await update('nodejs')).toEqual(['nodejs-22.18.0', 'nodejs-22.20.0']);
    expect(await update('bun')).toEqual(['bun-1.3.14', 'bun-1.4.5']);
    expect(await update('deno')).toEqual(['deno-2.7.7', 'deno-2.9.5']);
    expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
    await smokes('nodejs', '22.20.0');
    await smokes('bun', '1.4.5');
    await smokes('deno', '2.9.5');
  });

  it('leaves the stream for the newest when it is told so', async () => {
    await install('nodejs');
    expect(await update('nodejs')).toEqual(['nodejs-22.18.0', 'nodejs-22.20.0', 'nodejs-24.20.0']);
    expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
    await smokes('nodejs', '24.20.0');
  });

  it('is rid of it by the script of the page, and keeps the others', async () => {
    await using scripts = await scriptsOfSite();
    await runScript(await scripts.pick('nodejs', 'uninstall', '[data-stream=""]'));
    expect((await host.run('node', ['--version'])).code).not.toBe(0);
    expect((await host.run('find', ['/etc', '/opt', '-name', '*nodejs*'])).stdout).toBe('');
    await smokes('bun', '1.4.5');
  });
});

async function release(args: readonly string[]): Promise<void> {
  await runWell(user, ['release', '--store', 'dir:out', '--hub', server.url, ...args]);
}

/** What an admin does once: one file out of the store. */
async function install(component: string, transfer = component): Promise<void> {
  const folder = `/etc/sysupdate.${component}.d`;
  await host.run('rm', ['-rf', folder]);
  const file = `${transfer}.transfer`;
  await host.place(join(user.folder, 'out', component, file), `${folder}/${file}`);
}

/** The site of the store as it is now, in a browser. */
async function scriptsOfSite() {
  await using opening = new AsyncDisposableStack();
  const { path: pages } = opening.use(await mkdtempDisposable(join(user.folder, 'pages-')));
  await runWell(user, ['site', '--store', 'dir:out', '--out', pages]);
  const base = `${pathToFileURL(pages).href}/`;
  const browser = opening.adopt(await startBrowser(), (started) => started.close());
  const { page, wrong } = opening.use(await openPage(browser, base));
  const opened = opening.move();
  return {
    /** The text that the page of an extension shows once a person picked what `option` matches. */
    pick: async (name: string, way: string, option: string): Promise<string> => {
      await page.goto(`${base}index.html`);
      await page.getByRole('link', { name, exact: true }).click();
      await page.locator('#version').selectOption(await page.locator(option).elementHandle());
      await page.locator('#arch').selectOption(arch);
      await page.locator(`label[for="way-${way}"]`).click();
      expect(wrong).toEqual([]);
      return page.locator(`#text-${way}`).innerText();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function runScript(input: string): Promise<void> {
  const { code, stderr } = await host.run('sh', ['-s'], { input });
  expect(code === 0 ? '' : `${stderr}\n${input}`).toBe('');
}

/** Updates a component to what is newer; resolves to the images the host has then. */
async function update(component: string): Promise<string[]> {
  const list = await host.run('systemd-sysupdate', ['-C', component, 'list']);
  expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining('candidate') });
  const { code, stderr } = await host.run('systemd-sysupdate', ['-C', component, 'update']);
  expect(code === 0 ? '' : stderr).toBe('');
  return images(component);
}

/** The images the host has, the link leading to the last of them. */
async function images(component: string): Promise<string[]> {
  const { stdout } = await host.run('ls', ['-A', '-v', `/opt/extensions/${component}`]);
  const names = stdout.trim().split('\n');
  const link = await host.readlink(`/etc/extensions/${component}.raw`);
  expect(link?.split('/').at(-1)).toBe(names.at(-1));
  return names.map((image) => image.replace(`-${arch}.raw`, ''));
}

/** A runtime that works says nothing else. */
async function smokes(name: string, version: string): Promise<void> {
  const ran = await smoke(host, { name, version, arch });
  expect(ran.length).toBeGreaterThan(1);
  expect(ran.map(({ stderr }) => stderr).join('')).toBe('');
}
