import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { imageName } from '@bakery/core/src/names/file-names.ts';
import { releaseTag } from '@bakery/core/src/names/tag.ts';
import { serveFolder, type FileServer } from '@bakery/core/src/serve/serve-folder.ts';
import { formatManifest } from '@bakery/core/src/sysupdate/manifest.ts';
import { transferFiles } from '@bakery/core/src/sysupdate/transfer.ts';
import { ignition, prepareButane, type Ignition } from '@bakery/install/testing/ignition.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { pageFacts } from './documentation.ts';
import { hub, updatingExample } from './example.ts';
import type { PageFacts } from './page.ts';

const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const root = join(import.meta.dirname, '../../..');

let stack: AsyncDisposableStack;
let folder: string;
let server: FileServer;
let host: DebianHost;
let facts: readonly PageFacts[];
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const debian = await debianRoot();
  await prepareButane();
  facts = await pageFacts(root);
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'published-'))).path;
  server = stack.use(await serveFolder(folder));
  host = stack.use(await startHost(debian));
  await host.write('/usr/bin/systemctl', '#!/bin/sh\necho "$@" >>/run/asked\n');
  await host.run('chmod', ['0755', '/usr/bin/systemctl']);
});
afterAll(() => stack.disposeAsync());

describe('a host that was set up by the snippet of a page', () => {
  it.each([
    ['consul', 'nothing newer', [], ''],
    ['consul', 'a newer version', ['99.0.0'], '--no-block start sysext-consul-new.service\n'],
    ['k3s', 'a newer build', ['v1.99.0+k3s1'], '--no-block start sysext-k3s-new.service\n'],
    ['btop', 'a newer version, which need not be told', ['99.0'], ''],
  ])('of %s acts once on %s', async (name, _what, newer, asked) => {
    const example = facts.find(({ recipe }) => recipe.name === name);
    if (example === undefined) throw new Error(`expected a recipe ${name}`);
    const { version } = example;
    await publish(name, [version]);
    const config = updatingExample({ ...example, arch }).replaceAll(hub, server.url.replace(/\/$/, ''));
    const wanted = await ignition(config, name);
    await apply(wanted);
    await publish(name, [version, ...newer]);
    await update(wanted);
    await update(wanted);
    expect((await host.read('/run/asked')) ?? '').toBe(asked);
    const current = imageName({ name, version: newer.at(-1) ?? version, arch });
    expect(await host.read(`/etc/extensions/${name}.raw`)).toBe(contentOf(current));
  });

  it('makes /run/reboot-required where it takes a reboot', async () => {
    const example = facts.find(({ recipe }) => recipe['after-update'] === 'reboot');
    if (example === undefined) throw new Error('expected a recipe that wants a reboot');
    const { name } = example.recipe;
    await publish(name, [example.version]);
    const config = updatingExample({ ...example, arch }).replaceAll(hub, server.url.replace(/\/$/, ''));
    const wanted = await ignition(config, name);
    await apply(wanted);
    await update(wanted);
    expect(await host.exists('/run/reboot-required')).toBe(false);
    await publish(name, [example.version, 'v1.99.0']);
    await update(wanted);
    expect(await host.exists('/run/reboot-required')).toBe(true);
  });
});

/** What a bakery leaves in a folder, as far as the snippet asks for it. */
async function publish(name: string, versions: readonly string[]): Promise<void> {
  const images = versions.map((version) => ({
    tag: releaseTag(name, version),
    file: imageName({ name, version, arch }),
  }));
  for (const { tag, file } of images) {
    for (const place of [tag, name]) await put(join(folder, place, file), contentOf(file));
  }
  const entries = images.map(({ file }) => ({
    name: file,
    sha256: createHash('sha256').update(contentOf(file)).digest('hex'),
  }));
  await put(join(folder, name, 'SHA256SUMS'), formatManifest(entries));
  for (const { name: file, text } of transferFiles({ name, url: `${server.url}${name}/` })) {
    await put(join(folder, name, file), text);
  }
}

/** What Ignition would do at the first boot. */
async function apply({ storage = {} }: Ignition): Promise<void> {
  await host.run('rm', ['-rf', '/run/asked', '/etc/extensions', '/opt/extensions']);
  for (const { path, contents } of storage.files ?? []) {
    const answer = await fetch(contents.source);
    expect({ source: contents.source, ok: answer.ok }).toMatchObject({ ok: true });
    await host.write(path, await answer.text());
  }
  for (const { path, target } of storage.links ?? []) {
    await host.run('mkdir', ['-p', dirname(path)]);
    expect(await host.run('ln', ['-sfT', target, path])).toMatchObject({ code: 0 });
  }
}

/** What systemd would run around systemd-sysupdate.service, and the service’s own command. */
async function update({ systemd }: Ignition): Promise<void> {
  const texts = systemd?.units.flatMap(({ dropins = [] }) => dropins.map(({ contents }) => contents)) ?? [];
  const commands = (key: string): string[] =>
    [...texts.join('').matchAll(new RegExp(`^${key}=-?(.*)$`, 'gm'))].map(([, command = '']) => command);
  expect(commands('ExecStartPre').length).toBeGreaterThan(0);
  const own = '/usr/lib/systemd/systemd-sysupdate list'; // noop.conf is what lets it succeed
  for (const command of [...commands('ExecStartPre'), own, ...commands('ExecStartPost')]) {
    // systemd makes "$" of "$$", and a shell then reads the rest as systemd does.
    const { code, stderr } = await host.run('/bin/sh', ['-c', command.replaceAll('$$', '$')]);
    expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' });
  }
}

/** systemd does not look into images; tiny files it cannot download. */
function contentOf(file: string): string {
  return `image ${file}\n`.repeat(100);
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
