import { createHash } from 'node:crypto';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { imageName } from '@bakery/core/src/names/file-names.ts';
import { formatManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { type Stream, streamsOf } from '@bakery/core/src/sysupdate/streams.ts';
import { transferFiles } from '@bakery/core/src/sysupdate/transfer.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { type FakeGithub, startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { startCaddy } from '../testing/started-caddy.ts';
import { redirectConfig } from './config.ts';
import { serveRedirects, type RedirectLog } from './redirect-server.ts';

const hostArch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const repo = 'baker/bakery';
const versions = ['v1.33.4+k3s1', 'v1.33.5+k3s1', 'v1.33.5+k3s2', 'v1.34.1+k3s1'];

let stack: AsyncDisposableStack;
let github: FakeGithub;
let host: DebianHost;
const hubs = new Map<string, string>();
const asked: RedirectLog[] = [];

beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  github = stack.use(await startFakeGithub());
  github.addRepo(repo);
  const config = redirectConfig({ repo, server: github.serverUrl });
  const node = stack.use(await serveRedirects(config, { onAnswer: (answer) => asked.push(answer) }));
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'caddy-')));
  const caddy = stack.use(await startCaddy(config, folder, { path: process.env['PATH'] ?? '' }));
  hubs.set('the Node server', `${node.url}extensions/`).set('Caddy', `${caddy.url}extensions/`);
  for (const version of versions) publishVersion('k3s', version);
  publishVersion('docker', '24.0.7');
  publishVersion('docker-compose', '2.24.5');
  publishIndex('k3s', versions);
  publishIndex('docker', ['24.0.7']);
  publishIndex('docker-compose', ['2.24.5']);
  host = stack.use(await startHost(root));
});
afterAll(() => stack.disposeAsync());

describe.each(['the Node server', 'Caddy'])('systemd-sysupdate behind %s', (hub) => {
  const hubUrl = (): string => hubs.get(hub) ?? '';
  beforeAll(async () => {
    await host.run('rm', ['-rf', '/opt/extensions', '/etc/extensions']);
    await host.run('mkdir', ['/etc/extensions']);
  });

  it('lists what the index of the extension names', async () => {
    await install('k3s', hubUrl());
    expect(await available('k3s')).toEqual(versions.toReversed());
  });

  it('updates within a stream, and beyond it when told', async () => {
    const streams = streamsOf(versions, 'minor');
    await install('k3s', hubUrl(), { stream: streams.find(({ label }) => label === 'v1.33') });
    await update('k3s');
    expect(await current('k3s')).toBe(image('k3s', 'v1.33.5+k3s2'));
    await install('k3s', hubUrl());
    await update('k3s');
    expect(await current('k3s')).toBe(image('k3s', 'v1.34.1+k3s1'));
    expect(await host.read('/etc/extensions/k3s.raw')).toBe(content('k3s', 'v1.34.1+k3s1'));
  });

  it('tells docker from docker-compose', async () => {
    for (const [name, version] of [
      ['docker', '24.0.7'],
      ['docker-compose', '2.24.5'],
    ] as const) {
      await install(name, hubUrl());
      expect(await available(name)).toEqual([version]);
      await update(name);
      expect(await current(name)).toBe(image(name, version));
    }
  });

  it('looks for signatures and takes the 404 behind the redirect for one that is not there', async () => {
    await install('k3s', hubUrl(), { verify: true });
    const { code, stderr } = await host.run('systemd-sysupdate', ['-C', 'k3s', 'list']);
    expect(code).toBe(1);
    expect(stderr).toContain('SHA256SUMS.gpg');
    expect(github.log.findLast(({ path }) => path.endsWith('/SHA256SUMS.gpg'))).toMatchObject({
      path: `/${repo}/releases/download/k3s/SHA256SUMS.gpg`,
      status: 404,
    });
  });

  it('says that there is no such extension', async () => {
    await install('nobody', hubUrl());
    expect((await host.run('systemd-sysupdate', ['-C', 'nobody', 'list'])).code).toBe(1);
  });

  it('hands out sysupdate files by all their paths', async () => {
    const paths = ['k3s.conf', 'k3s.transfer', 'k3s/k3s.conf', 'k3s-v1.33.conf', 'k3s/k3s-v1.33.transfer'];
    const texts = await Promise.all(paths.map(async (path) => (await fetch(hubUrl() + path)).text()));
    expect(texts.map((text) => /^MatchPattern=(.*)$/m.exec(text)?.[1])).toEqual([
      'k3s-@v-%a.raw',
      'k3s-@v-%a.raw',
      'k3s-@v-%a.raw',
      'k3s-v1.33.@v-%a.raw',
      'k3s-v1.33.@v-%a.raw',
    ]);
    const noop = await (await fetch(`${hubUrl()}noop.conf`)).text();
    await host.write('/etc/sysupdate.d/noop.conf', noop);
    expect((await host.run('systemd-sysupdate', ['list'])).code).toBe(0);
  });
});

it('needs no more from the redirector than redirects', () => {
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200, 302]));
  expect(asked.some(({ agent }) => agent?.startsWith('systemd-pull/257'))).toBe(true);
});

function publishVersion(name: string, version: string): void {
  const tag = `${name}-${version}`;
  github.addRelease(repo, {
    tag,
    assets: [{ name: image(name, version), text: content(name, version) }],
  });
}

function publishIndex(name: string, all: readonly string[]): void {
  const entries = all.map((version) => ({
    name: image(name, version),
    sha256: createHash('sha256').update(content(name, version)).digest('hex'),
  }));
  const url = hubs.get('the Node server') ?? '';
  const files = transferFiles({ name, url: `${url}${name}/` }, streamsOf(all, 'minor'));
  github.addRelease(repo, {
    tag: name,
    assets: [...files, { name: 'SHA256SUMS', text: formatManifest(entries) }],
  });
}

function image(name: string, version: string): string {
  return imageName({ name, version, arch: hostArch });
}

/** systemd does not look into images; tiny files it cannot download. */
function content(name: string, version: string): string {
  return `image ${name} ${version}\n`.repeat(100);
}

async function install(
  name: string,
  hub: string,
  options: { readonly stream?: Stream | undefined; readonly verify?: boolean } = {},
): Promise<void> {
  const { stream, verify = false } = options;
  const transfer = { name, url: `${hub}${name}/`, verify };
  const file = transferFiles(transfer, stream === undefined ? [] : [stream]).at(-1);
  await host.run('rm', ['-rf', `/etc/sysupdate.${name}.d`]);
  await host.write(`/etc/sysupdate.${name}.d/${file?.name}`, file?.text ?? '');
}

async function available(name: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await host.run('systemd-sysupdate', ['-C', name, '--json=short', 'list']);
  expect(code === 0 ? '' : stderr).toBe('');
  return JSON.parse(stdout).all;
}

async function update(name: string): Promise<void> {
  const { code, stderr } = await host.run('systemd-sysupdate', ['-C', name, 'update']);
  expect(code === 0 ? '' : stderr).toBe('');
}

/** The image the extension’s link leads to. */
async function current(name: string): Promise<string | undefined> {
  return (await host.readlink(`/etc/extensions/${name}.raw`))?.split('/').at(-1);
}
