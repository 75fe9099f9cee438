import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked } from '@bakery/testbed/debian-host/debian-root.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { type Keyed, type KeyedBakery, keyedBakery } from '../../../testing/keyed-bakery.ts';
import { imageName } from '../../names/file-names.ts';
import { ringNames } from '../../names/ring-names.ts';
import { runChecked } from '../../ports/run-checked.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { type FileServer, serveFolder } from '../../serve/serve-folder.ts';
import { makeKeys } from '../../signing/key-set.ts';
import { writeExtensionRelease } from '../../systemd/extension-release.ts';

const exec = spawnExec(process.env);

/** Two feeds’ worth of keys: hosts of the old ones know nothing of the new ones, not even as a spare. */
let old: Keyed;
let both: Keyed;
let switched: Keyed;
let dropped: Keyed;
let stack: AsyncDisposableStack;
let bakery: KeyedBakery;
let server: FileServer;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const context = { exec, tmpdir: tmpdir() };
  const make = (owner: string) => makeKeys(owner, { passphrase: '', lifetime: '2y' }, context);
  const [first, second] = [await make('Old'), await make('New')];
  old = first;
  both = { signingKey: first.signingKey, ring: Buffer.concat([first.ring, second.ring]) };
  switched = { ...both, signingKey: second.signingKey };
  dropped = second;
});
afterAll(() => stack.disposeAsync());

describe.each(suitesAsked())('on a host with Debian %s', (suite) => {
  beforeAll(async () => {
    bakery = stack.use(await keyedBakery());
    server = stack.use(await serveFolder(bakery.out));
    await bakery.configure(`hub: ${server.url}\n`);
  });

  it('the extension brings a host through a rotation, and without it or without keys none gets through', async () => {
    await publish('1.0.0', old);
    const root = await debianRoot(undefined, undefined, suite);
    await using host = await hostWith(root, old.ring);
    await using forgetful = await hostWith(root, old.ring);
    expect(await updated(host, 'alpha')).toBe('alpha-1.0.0');

    await publish('1.1.0', both);
    await renew(host);
    expect(await ringOf(host)).toEqual(new Uint8Array(both.ring));

    await publish('2.0.0', switched);
    expect(await updated(host, 'alpha')).toBe('alpha-2.0.0');
    expect(await updated(forgetful, 'alpha')).toContain('signature');

    await publish('2.1.0', dropped);
    await renew(host);
    expect(await ringOf(host)).toEqual(new Uint8Array(dropped.ring));
    expect(await updated(host, 'alpha')).toBe('alpha-2.1.0');
    await forgetful.run(
      'rm',
      ringNames.map((name) => `/etc/systemd/${name}`),
    );
    expect(await updated(forgetful, 'alpha')).toContain('signature');

    await publish('2.2.0', old); // by the key that is no longer trusted
    expect(await updated(host, 'alpha')).toContain('signature');
    expect(await host.readlink('/etc/extensions/alpha.raw')).toContain('alpha-2.1.0');
  });

  it('leaves keys that somebody else put there, and puts none where there are none', async () => {
    await publish('3.0.0', old);
    await using host = await hostWith(await debianRoot(undefined, undefined, suite), old.ring);
    await update(host, 'bakery-keys');
    await sysext(host, 'merge');
    const [first = '', second = ''] = ringNames.map((name) => `/etc/systemd/${name}`);
    await host.write(first, 'keys of two feeds');
    await host.run('rm', [second]);
    expect(await host.run('sh', ['-c', await command(host)])).toMatchObject({
      code: 0,
      stderr: `${first}: holds other keys than this feed handed out, and stays; /usr/share/bakery-keys/import-pubring.gpg has those of today\n`,
    });
    expect(await host.read(first)).toBe('keys of two feeds');
    expect(await host.exists(second)).toBe(false);
  });
});

/** Publishes a version of alpha, and everything hosts read, with these keys. */
async function publish(version: string, keys: Keyed): Promise<void> {
  const { store } = await bakery.open();
  const tag = `alpha-${version}`;
  const name = imageName({ name: 'alpha', version, arch: machineArch });
  await store.publish({ tag, title: tag, notes: '', files: [{ name, path: await emptyImage() }] });
  expect((await bakery.update(keys)).failures).toEqual([]);
}

/** What merges into any host. */
async function emptyImage(): Promise<string> {
  const tree = join(bakery.folder, 'tree');
  const image = join(bakery.folder, 'alpha.raw');
  await mkdir(tree, { recursive: true });
  await writeExtensionRelease(
    tree,
    { name: 'alpha', os: { id: '_any' }, arch: machineArch, reload: false },
    0,
  );
  await runChecked(exec, 'mksquashfs', [tree, image, '-noappend', '-all-root', '-quiet', '-no-progress']);
  return image;
}

/** A host with the transfer files, and the ring as a configuration of its first boot would have brought it. */
async function hostWith(root: string, ring: Uint8Array): Promise<DebianHost> {
  const host = await startHost(root);
  // As where a first image was installed; 254 does not make them.
  const folders = ['/etc/extensions', '/opt/extensions/alpha', '/opt/extensions/bakery-keys'];
  await host.run('mkdir', ['-p', ...folders]);
  for (const name of ['alpha', 'bakery-keys'])
    await host.place(join(bakery.out, name, `${name}.conf`), `/etc/sysupdate.${name}.d/${name}.conf`);
  const file = join(bakery.folder, 'ring-for-hosts');
  await writeFile(file, ring);
  for (const name of ringNames) await host.place(file, `/etc/systemd/${name}`);
  return host;
}

/** Does what the units of the snippets do after an update, as no service manager runs here. */
async function renew(host: DebianHost): Promise<void> {
  await update(host, 'bakery-keys');
  await sysext(host, 'unmerge');
  await sysext(host, 'merge');
  expect(await host.run('sh', ['-c', await command(host)])).toMatchObject({ code: 0, stderr: '' });
}

/** 254 reloads nothing, and has no word for that. */
async function sysext(host: DebianHost, verb: string): Promise<void> {
  const { stdout } = await host.run('systemd-sysext', ['--help']);
  const words = stdout.includes('--no-reload') ? [verb, '--no-reload'] : [verb];
  expect(await host.run('systemd-sysext', words)).toMatchObject({ code: 0 });
}

async function command(host: DebianHost): Promise<string> {
  const unit = (await host.read('/usr/lib/systemd/system/bakery-keys.service')) ?? '';
  return /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? 'false';
}

async function update(host: DebianHost, name: string): Promise<void> {
  expect(await updated(host, name)).toContain(`${name}-`);
}

/** What its link leads to after an update, without arch; else what systemd-sysupdate complains of. */
async function updated(host: DebianHost, name: string): Promise<string> {
  const { code, stderr } = await host.run('systemd-sysupdate', ['-C', name, 'update']);
  if (code !== 0) return stderr.toLowerCase();
  const link = await host.readlink(`/etc/extensions/${name}.raw`);
  return (link?.split('/').at(-1) ?? '').replace(/-(x86-64|arm64)\.raw$/, '');
}

/** The ring under both names, which are the same. */
async function ringOf(host: DebianHost): Promise<Uint8Array> {
  const texts = ringNames.map(async (name) => {
    const { stdout } = await host.run('base64', ['--wrap=0', `/etc/systemd/${name}`]);
    return stdout;
  });
  const [first = '', second] = await Promise.all(texts);
  expect(second).toBe(first);
  return new Uint8Array(Buffer.from(first, 'base64'));
}
