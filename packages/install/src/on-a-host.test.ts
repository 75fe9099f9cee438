import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { imageName } from '@bakery/core/src/names/file-names.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { type FileServer, serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { formatManifest, type ManifestEntry } from '@bakery/core/src/sysupdate/manifest.ts';
import { transferText } from '@bakery/core/src/sysupdate/transfer.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked } from '@bakery/testbed/debian-host/debian-root.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { ringPath, type Installable } from './extension-config.ts';
import { type Snippet, snippets } from './snippets.ts';

const name = 'greeting';
const link = `/etc/extensions/${name}.raw`;

let stack: AsyncDisposableStack;
let root: string;
let folder: string;
let server: FileServer;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'published-'))).path;
  server = stack.use(await serveFolder(folder));
});
afterAll(() => stack.disposeAsync());

describe.each(suitesAsked())('on a host with Debian %s', (suite) => {
  beforeAll(async () => {
    root = await debianRoot(undefined, undefined, suite);
  });

  describe('the script of a page', () => {
    it('installs, may run again, leaves a newer version alone, and is undone', async () => {
      await using host = await debianHost();
      const extension = await publish(['1.0']);
      for (let time = 0; time < 2; time++) {
        expect(await run(host, extension, 'shell')).toMatchObject({ code: 0 });
        expect(await greeting(host)).toBe('hello from 1.0\n');
      }
      expect(await host.read('/run/asked')).toContain('enable --now systemd-sysupdate.timer\n');

      await publish(['1.0', '1.1']);
      expect(await host.run('systemd-sysupdate', ['-C', name, 'update'])).toMatchObject({ code: 0 });
      expect(await run(host, extension, 'shell')).toMatchObject({ code: 0 });
      expect(await greeting(host)).toBe('hello from 1.1\n');

      for (const part of ['verity', 'roothash', 'roothash.p7s'])
        await host.run('ln', [
          '-s',
          `/opt/extensions/${name}/${name}-1.1.${part}`,
          link.replace(/raw$/, part),
        ]);
      for (let time = 0; time < 2; time++)
        expect(await run(host, extension, 'uninstall')).toMatchObject({ code: 0 });
      expect((await host.run('greet', [])).code).toBe(127);
      expect((await host.run('find', ['/etc', '/opt', '-name', `*${name}*`])).stdout).toBe('');
    });

    it('puts a version where it stays, in the place of another one', async () => {
      await using host = await debianHost();
      for (const version of ['1.1', '1.0']) {
        const extension = await publish([version]);
        expect(await run(host, extension, 'shell', false)).toMatchObject({ code: 0 });
        expect(await greeting(host)).toBe(`hello from ${version}\n`);
      }
      expect(await host.exists(`/etc/sysupdate.${name}.d`)).toBe(false);
    });

    it('takes nothing whose bytes are not those of the page', async () => {
      await using host = await debianHost();
      const extension = await publish(['1.0']);
      await writeFile(join(folder, `${name}-1.0`, extension.image.file), 'something else');
      const { code, stderr } = await run(host, extension, 'shell');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `${extension.image.url}: expected bytes with the hash ${extension.image.sha256}\n`,
      });
      expect(await host.readlink(link)).toBeUndefined();
      expect((await host.run('ls', [`/opt/extensions/${name}`])).stdout).toBe('');
    });

    it.each([
      ['it carries', () => `data:;base64,${Buffer.from('keys').toString('base64')}`, 'this feed'],
      ['of an address', () => `${server.url}import-pubring.gpg`, 'import-pubring.gpg'],
    ])('brings the keys %s, and leaves those of somebody else', async (_what, sourceOf, place) => {
      await writeFile(join(folder, 'import-pubring.gpg'), 'keys');
      const source = sourceOf();
      const extension = {
        ...(await publish(['1.0'])),
        ring: { source, sha256: sha256('keys') },
      };
      await using host = await debianHost();
      const first = await run(host, extension, 'shell');
      expect(first).toMatchObject({ code: 0, stderr: expect.not.stringContaining('keys') });
      expect(await host.read(ringPath)).toBe('keys');
      await host.write(ringPath, 'others');
      expect(await run(host, extension, 'shell')).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(`${ringPath}: holds other keys; add those of .*${place}\n`),
      });
      expect(await host.read(ringPath)).toBe('others');
    });

    it('runs nothing that stands in the address of the keys', async () => {
      const extension = {
        ...(await publish(['1.0'])),
        ring: { source: `${server.url}$(touch /ran)\`touch /ran\`";touch /ran;"'`, sha256: sha256('keys') },
      };
      await using host = await debianHost();
      await host.write(ringPath, 'others');
      expect(await run(host, extension, 'shell')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('$(touch /ran)'),
      });
      expect(await host.exists('/ran')).toBe(false);
    });
  });

  it('cloud-init, by what it would do, has the same', async () => {
    await using host = await debianHost();
    const data: UserData = parse(text(await publish(['1.0']), 'cloud-init'));
    const { write_files: files = [], runcmd } = data;
    for (const { path, content } of files) await host.write(path, content);
    for (const [program, ...args] of runcmd) expect(await host.run(program, args)).toMatchObject({ code: 0 });
    expect(await greeting(host)).toBe('hello from 1.0\n');
    expect((await host.run('systemd-sysupdate', ['-C', name, 'list'])).stdout).toContain('1.0');
  });
});

interface UserData {
  readonly write_files?: readonly { readonly path: string; readonly content: string }[];
  readonly runcmd: readonly (readonly [string, ...string[]])[];
}

async function debianHost(): Promise<DebianHost> {
  const host = await startHost(root);
  await host.write('/usr/bin/systemctl', '#!/bin/sh\necho "$@" >>/run/asked\n');
  await host.run('chmod', ['0755', '/usr/bin/systemctl']);
  return host;
}

function text(extension: Installable, way: Snippet['id'], kept = true): string {
  return snippets(extension, kept).find(({ id }) => id === way)?.text ?? '';
}

function run(host: DebianHost, extension: Installable, way: Snippet['id'], kept = true) {
  return host.run('sh', ['-s'], { input: text(extension, way, kept) });
}

async function greeting(host: DebianHost): Promise<string> {
  return (await host.run('greet', [])).stdout;
}

/** Publishes these versions and no other; what a page would say of the first. */
async function publish(versions: readonly [string, ...string[]]): Promise<Installable> {
  const entries: ManifestEntry[] = [];
  for (const version of versions) {
    const file = imageName({ name, version, arch: machineArch });
    for (const place of [name, `${name}-${version}`]) await mkdir(join(folder, place), { recursive: true });
    const path = join(folder, `${name}-${version}`, file);
    await greetingImage(version, path);
    await copyFile(path, join(folder, name, file));
    entries.push({ name: file, sha256: sha256(await readFile(path)) });
  }
  await writeFile(join(folder, name, 'SHA256SUMS'), formatManifest(entries));
  const [version] = versions;
  const file = imageName({ name, version, arch: machineArch });
  return {
    name,
    image: {
      file,
      url: `${server.url}${name}-${version}/${file}`,
      sha256: entries.find((entry) => entry.name === file)?.sha256 ?? '',
    },
    transfer: { inline: transferText({ name, url: `${server.url}${name}/` }) },
    afterUpdate: 'restart',
    wanted: [],
    services: ['greeting.service'],
    masks: [],
  };
}

async function greetingImage(version: string, image: string): Promise<void> {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'greeting-'));
  const release = join(temp.path, 'usr/lib/extension-release.d');
  await mkdir(join(temp.path, 'usr/bin'), { recursive: true });
  await mkdir(release, { recursive: true });
  const greet = join(temp.path, 'usr/bin/greet');
  await writeFile(greet, `#!/bin/sh\necho hello from ${version}\n`, { mode: 0o755 });
  await writeFile(join(release, `extension-release.${name}`), 'ID=_any\n');
  const quietly = ['-noappend', '-all-root', '-quiet', '-no-progress'];
  await runChecked(spawnExec(process.env), 'mksquashfs', [temp.path, image, ...quietly]);
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
