import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCatalogue } from '@bakery/core/catalogue.ts';
import { type Listening, serveFolder } from '@bakery/core/serve.ts';
import { type Snippet, snippets } from '@bakery/install/snippets.ts';
import { carryingRing, offersOf } from '@bakery/site/offers.ts';
import { type Booted, bootAtTerminal, suitesToBoot } from './booted.ts';
import { npmSettings } from './npm-settings.ts';
import { blockWith, readPage } from './page-block.ts';
import { runWell } from './run-bakery.ts';

/** A real server, and a real program for each connection. It leaves when its input ends, unless it watches for ever. */
const esbuild = `recipe: 1
name: esbuild
summary: Bundler of JavaScript
homepage: https://esbuild.github.io/
license: MIT
versions: { from: npm, package: '@esbuild/linux-{arch}', range: '>=0.25' }
arch: { x86-64: x64, arm64: arm64 }
artifacts:
  - url: npm:@esbuild/linux-{arch}@{version}
    integrity: npm
    unpack: { top: package, files: { bin/esbuild: { to: /usr/bin/esbuild, mode: '0755' } } }
text:
  - { path: /usr/share/esbuild/version, content: '{version}' }
reload: true
units:
  - { name: esbuild.service, start: merge }
  - { name: esbuild.socket, start: merge }
after-update: restart
`;
const units = 'recipes/esbuild/files/usr/lib/systemd/system';
const files: Readonly<Record<string, string>> = {
  'recipes/esbuild/recipe.yaml': esbuild,
  [`${units}/esbuild.service`]: `[Unit]
Description=Serves what esbuild bundles
[Service]
DynamicUser=yes
ExecStart=/usr/bin/esbuild --servedir=/usr/share/esbuild --serve=127.0.0.1:8000 --watch=forever
`,
  [`${units}/multi-user.target.d/10-esbuild.conf`]: '[Unit]\nUpholds=esbuild.service\n',
  [`${units}/esbuild.socket`]: `[Unit]
Description=TypeScript in, JavaScript out
[Socket]
ListenStream=127.0.0.1:8001
Accept=yes
`,
  [`${units}/sockets.target.d/10-esbuild.conf`]: '[Unit]\nUpholds=esbuild.socket\n',
  [`${units}/esbuild@.service`]: `[Unit]
Description=TypeScript in, JavaScript out
[Service]
DynamicUser=yes
StandardInput=socket
ExecStart=/usr/bin/esbuild --loader=ts
`,
  // What the machine has from its first moment on, and what stays when all else is gone.
  'recipes/neighbour/recipe.yaml': `recipe: 1
name: neighbour
summary: A file
homepage: https://neighbour.example/
license: MIT
versions: { from: pinned, versions: ['1.0.0'] }
arch: { x86-64: x64, arm64: arm64 }
text:
  - { path: /usr/share/neighbour/words, content: 'still here' }
`,
  'bakery.yaml': 'recipes: [recipes]\nsign: { ring: keys/import-pubring.gpg, when: required }\n',
};
const before = ['nodejs:22.18.0', 'esbuild:0.25.10'];
const after = ['nodejs:22.20.0', 'esbuild:0.25.12'];
/** Fast to make; another test has images as they are by default. */
const quick = ['--compression', 'gzip', '--level', '1'];

/** All of /usr, and what is mounted. */
const seen =
  'find /usr -printf "%p %y %m %U %G %s %l\\n" | sort; findmnt --noheadings --list --output TARGET | sort';
/** Ends its question and reads on, for Node.js. */
const askSocket = `
const connection = require("net").connect({ host: "127.0.0.1", port: 8001, allowHalfOpen: true });
connection.pipe(process.stdout);
connection.end("let x: number = 1");
`;

describe.each(suitesToBoot())('a host with Debian %s', (suite) => {
  let stack: AsyncDisposableStack;
  let user: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
  let server: Listening;
  let host: Booted;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'host-life-'))).path;
    const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
    // With the user's own home: npm's configuration, and a cache that outlives the test.
    const env = { PATH, HOME: homedir(), TMPDIR: folder, ...npmSettings(process.env) };
    user = { folder, env: { ...env, BAKERY_SIGNING_KEY: 'keys/signing-key.asc' } };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await mkdir(join(folder, 'out'));
    server = stack.use(await serveFolder(join(folder, 'out')));
    await runWell(user, ['key', 'new', 'keys']);
    await release(before);
    await runWell(user, ['create', 'neighbour', '1.0.0']);
    host = stack.use(await bootAtTerminal(user, 'neighbour.raw', suite));
  });
  afterAll(() => stack.disposeAsync());

  it('gets extensions with the scripts of their pages, and their units start', async () => {
    await did(`systemd-sysext unmerge; (${seen}) > /root/before; systemd-sysext merge`);
    expect(await did('cat /usr/share/neighbour/words')).toBe('still here');
    for (const name of ['nodejs', 'esbuild']) await did(await script(name, 'shell'));
    expect(await did('systemctl is-enabled systemd-sysext.service')).toBe('enabled\n');
    // Another name for what is enabled, with 262. Updates come when the test says so.
    expect(await did('systemctl is-enabled systemd-sysupdate.timer')).toMatch(/^(enabled|alias)\n$/);
    expect(await did('systemctl is-active systemd-sysupdate.timer')).toBe('active\n');
    await did('systemctl stop systemd-sysupdate.timer');
    await runs(before);
  });

  it('takes newer versions that are signed, and runs them from the next start on', async () => {
    await release(after);
    for (const name of ['nodejs', 'esbuild'])
      await did(`/usr/lib/systemd/systemd-sysupdate -C ${name} update`);
    expect(await did('node --version; esbuild --version')).toBe('v22.18.0\n0.25.10\n');
    await host.restart();
    await runs(after);
  });

  it('goes back to the versions before, and stays there over a restart until there is something newer', async () => {
    const block = blockWith(await readPage('extensions.md'), 'ln -sfn');
    for (const [name = '', version = ''] of before.map((one) => one.split(':'))) {
      const back = block.replaceAll('NAME', name).replace('VERSION', version).replace('ARCH', 'x86-64');
      await did(back.replace('SERVICE', 'esbuild.service'));
    }
    await runs(before);
    for (const name of ['nodejs', 'esbuild'])
      await did(`/usr/lib/systemd/systemd-sysupdate -C ${name} update`);
    await did('systemd-sysext refresh');
    await runs(before);
    await host.restart();
    await runs(before);
  });

  it('is what it was once nothing is merged, and has no trace of what its pages take away', async () => {
    await did('systemctl stop esbuild.service esbuild.socket; systemd-sysext unmerge');
    expect(await did(`(${seen}) | diff /root/before -`)).toBe('');
    expect((await host.run('node --version || esbuild --version')).code).toBe(127);
    await did('systemd-sysext merge');
    expect(await did('node --version')).toBe('v22.18.0\n');

    for (const name of ['nodejs', 'esbuild']) await did(await script(name, 'uninstall'));
    expect(await did('find /etc /opt /usr -name "*nodejs*" -o -name "*esbuild*"')).toBe('');
    expect(await did('cat /usr/share/neighbour/words; systemctl --failed --no-legend')).toBe('still here');
    expect(await did("systemctl list-units --no-legend --state=active 'esbuild*'")).toBe('');
  });

  async function release(versions: readonly string[]): Promise<void> {
    const hub = server.url.replace('127.0.0.1', '10.0.2.2');
    await runWell(user, ['release', '--store', 'dir:out', '--hub', hub, '--no-test', ...quick, ...versions]);
  }

  /** What a page of the site has for the newest version. */
  async function script(name: string, id: Snippet['id']): Promise<string> {
    const catalogue = parseCatalogue(await readFile(join(user.folder, 'out/catalogue.json'), 'utf8'), 'out');
    const published = catalogue.extensions.find((one) => one.name === name);
    if (published === undefined) throw new Error(`${name}: is not in the catalogue`);
    const offers = await offersOf({ published }, catalogue);
    const offer = offers.find(({ arch }) => arch === 'x86-64');
    if (offer === undefined) throw new Error(`${name}: has no image`);
    const extension = carryingRing(offer.installable, catalogue);
    return snippets(extension, true).find((one) => one.id === id)?.text ?? '';
  }

  async function did(lines: string): Promise<string> {
    const { code, stdout, stderr } = await host.run(`set -e\n${lines}`);
    expect(code === 0 ? '' : `${lines}\n${code}\n${stdout}${stderr}`).toBe('');
    return stdout;
  }

  /** Programs, a service and a socket of the image do what they are for, and nothing failed. */
  async function runs([nodejs = '', served = '']: readonly string[]): Promise<void> {
    expect(await did('node --version; esbuild --version')).toBe(
      `v${nodejs.split(':')[1]}\n${served.split(':')[1]}\n`,
    );
    const active = 'systemctl is-active esbuild.service esbuild.socket';
    const started = `until ${active} >/dev/null; do sleep 0.2; done; ${active}`;
    expect(await did(`timeout 600 bash -c '${started}'`)).toBe('active\nactive\n');
    const fetched = 'curl -sS --retry 20 --retry-connrefused http://127.0.0.1:8000/version';
    expect(await did(fetched)).toBe(served.split(':')[1]);
    expect(await did(`node --eval '${askSocket}'`)).toBe('let x = 1;\n');
    expect(await did('systemctl --failed --no-legend')).toBe('');
  }
});
