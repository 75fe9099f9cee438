import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import type { Arch } from '../names/arch.ts';
import { imageName, parseImageName, sidecarKinds } from '../names/file-names.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { type FileServer, serveFolder } from '../serve/serve-folder.ts';
import { newestFirst } from '../systemd/compare.ts';
import { formatManifest } from './manifest.ts';
import { type Stream, streamsOf } from './streams.ts';
import { noopTransfer, sidecarTransferFiles, transferFiles } from './transfer.ts';

const hostArch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const otherArch: Arch = hostArch === 'arm64' ? 'x86-64' : 'arm64';

let stack: AsyncDisposableStack;
let folder: string;
let server: FileServer;
let host: DebianHost;
/** Whether systemd makes the folder of the images, or wants it to be there, as it is where the first image was installed. */
let makesFolders: boolean;
describe.each(suitesAsked())('systemd-sysupdate on a host with Debian %s', (suite) => {
  // 254 reads nothing but .conf, and no drop-in of it.
  const isOld = suite === 'bookworm-backports';
  // Up to 257 a name may go on behind what a pattern matches, and no version has a tilde.
  const isExact = suite === 'sid';
  beforeAll(async () => {
    const root = await debianRoot(testbedCache(), spawnExec(process.env), suite);
    stack = new AsyncDisposableStack();
    folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'published-'))).path;
    server = stack.use(await serveFolder(folder));
    host = stack.use(await startHost(root));
    // systemd does not make the folder of CurrentSymlink=; on a host the first link comes with its configuration.
    await host.run('mkdir', ['/etc/extensions']);
    makesFolders = !isOld;
  });
  afterAll(() => stack.disposeAsync());

  it.each([
    ['numbers', ['1.9.0', '1.10.0', '1.2.3', '1.10.0.1', '0.99']],
    ['build numbers', ['v1.34.2+k3s1', 'v1.34.2+k3s2', 'v1.34.2+k3s10', 'v1.34.2', 'v1.35.0+k3s1']],
    ['revisions', ['1.2.3', '1.2.3-1', '1.2.3_2', '1.2.3+r3', '1.2.3-rc1', '1.2.4']],
    ['dates', ['2024.01.31', '2024.2.1', '2023.12.31', '20230803']],
  ])('sees every version of %s in our order', async (what, versions) => {
    const name = `order-${what.replace(' ', '-')}`;
    await publish(name, images(name, versions));
    await install(name);
    expect(await available(name)).toEqual(versions.toSorted(newestFirst));
  });

  it('updates again and again, keeps three images and moves the link', async () => {
    const versions = ['v1.8.0+k3s1', 'v1.9.0+k3s1', 'v1.9.0+k3s2', 'v1.10.0+k3s1', 'v1.11.0+k3s1'];
    await install('k3s');
    for (const [index, version] of versions.entries()) {
      await publish('k3s', images('k3s', versions.slice(0, index + 1)));
      await update('k3s');
      expect(await current('k3s')).toBe(imageName({ name: 'k3s', version, arch: hostArch }));
      const kept = versions.slice(Math.max(0, index - 2), index + 1);
      expect(await installed('k3s')).toEqual(images('k3s', kept).toSorted());
    }
    expect(
      (await host.run('cmp', ['/etc/extensions/k3s.raw', `/opt/extensions/k3s/${await current('k3s')}`]))
        .code,
    ).toBe(0);
    expect(await host.read('/etc/extensions/k3s.raw')).toBe(content(await current('k3s')));
  });

  it('stays in its stream, and leaves it when told', async () => {
    const versions = ['v1.3.9', 'v1.33.5', 'v1.34.1', 'v1.34.2'];
    const streams = new Map(streamsOf(versions, 'minor').map((stream) => [stream.label, stream]));
    await publish('kubernetes', images('kubernetes', versions));

    await install('kubernetes', streams.get('v1.3'));
    expect(await available('kubernetes')).toEqual(['9']);
    await update('kubernetes');
    expect(await current('kubernetes')).toBe(images('kubernetes', ['v1.3.9'])[0]);

    await install('kubernetes', streams.get('v1.34'));
    expect(await available('kubernetes')).toEqual(['2', '1']);
    await update('kubernetes');
    expect(await current('kubernetes')).toBe(images('kubernetes', ['v1.34.2'])[0]);

    await publish('kubernetes', images('kubernetes', [...versions, 'v1.34.10', 'v1.35.0']));
    await update('kubernetes');
    expect(await current('kubernetes')).toBe(images('kubernetes', ['v1.34.10'])[0]);

    await install('kubernetes');
    await update('kubernetes');
    expect(await current('kubernetes')).toBe(images('kubernetes', ['v1.35.0'])[0]);
  });

  it('warns of settings it does not know, and takes the file all the same', async () => {
    await publish('odd', images('odd', ['1.0']));
    await install('odd');
    const path = '/etc/sysupdate.odd.d/odd';
    const text = (await host.read(`${path}.conf`)) ?? '';
    const later = 'Features=odd-feature\nChangeLog=https://site.example/@v\nAppStream=https://site.example/';
    await host.write(
      `${path}.conf`,
      text.replace('[Transfer]\n', `[Transfer]\nFlavour=mild\n${isOld ? later : ''}\n`),
    );
    await host.run('rm', [`${path}.transfer`]);
    const { code, stderr } = await sysupdate('odd', 'update');
    const unknown = [...stderr.matchAll(/Unknown key (?:name )?'(\w+)'/g)].map(([, key]) => key);
    expect({ code, unknown: [...new Set(unknown)] }).toEqual({
      code: 0,
      unknown: ['Flavour', ...(isOld ? ['Features', 'ChangeLog', 'AppStream'] : [])],
    });
    expect(await current('odd')).toBe(images('odd', ['1.0'])[0]);
  });

  it('does not see a newer version that is there for the other architecture only', async () => {
    await publish('bun', [
      ...images('bun', ['1.2.0']),
      imageName({ name: 'bun', version: '1.3.0', arch: otherArch }),
    ]);
    await install('bun');
    expect(await available('bun')).toEqual(['1.2.0']);
    await update('bun');
    expect(await current('bun')).toBe(images('bun', ['1.2.0'])[0]);
  });

  it('sees only docker in the manifest of docker, but docker-compose too in a shared one', async () => {
    const files = [...images('docker', ['24.0.7']), ...images('docker-compose', ['2.24.5'])];
    const own = files.filter((file) => parseImageName(file, 'docker') !== undefined);
    await publish('docker', own);
    await install('docker');
    expect(await available('docker')).toEqual(['24.0.7']);
    await publish('docker', files);
    expect(await available('docker')).toContain('compose-2.24.5');
  });

  it('takes anything that goes on behind the end of an image name for the image up to 257, and a tilde from then on', async () => {
    const files = [
      `n-2-${hostArch}.raw.asc`,
      `n-3-${hostArch}.raw-4-${hostArch}.raw`,
      `n-~5-${hostArch}.raw`,
    ];
    await publish('n', images('n', ['1']));
    const manifest = await readFile(join(folder, 'n/SHA256SUMS'), 'utf8');
    const more = files.map((file) => `${'0'.repeat(64)}  ${file}\n`);
    await writeFile(join(folder, 'n/SHA256SUMS'), [manifest, ...more].join(''));
    await install('n');
    expect(await available('n')).toEqual(isExact ? ['1', '~5'] : ['3', '2', '1']);
    for (const file of files) {
      expect(parseImageName(file, 'n')).toBeUndefined();
    }
    for (const file of files.slice(0, 2)) {
      expect(() => formatManifest([{ name: file, sha256: '0'.repeat(64) }])).toThrow(
        'that ends with "-ARCH.raw"',
      );
    }
  });

  it('takes an image and what lies beside it as one version, and shows systemd-sysext all of it', async () => {
    const parts = (versions: readonly string[]) =>
      images('proved', versions).flatMap((file) =>
        ['raw', ...sidecarKinds].map((kind) => file.replace(/raw$/, kind)),
      );
    await install('proved');
    for (const { name, text } of sidecarTransferFiles({ name: 'proved', url: `${server.url}proved/` })) {
      const file = name.replace(/[a-z]+$/, isOld ? 'conf' : 'transfer');
      if (name.endsWith(isExact ? '.transfer' : '.conf'))
        await host.write(`/etc/sysupdate.proved.d/${file}`, text);
    }
    const versions = ['1.0', '1.1', '1.2', '1.3'];
    for (const [index] of versions.entries()) {
      await publish('proved', parts(versions.slice(0, index + 1)));
      await update('proved');
    }
    // The oldest of all four is gone, and nothing else.
    const kept = parts(versions.slice(1)).map((file) =>
      isExact ? file.replace(/p7s$/, 'roothash.p7s') : file,
    );
    expect(await installed('proved')).toEqual(kept.toSorted());
    const links = { raw: 'raw', verity: 'verity', roothash: 'roothash', 'roothash.p7s': 'p7s' };
    for (const [link, kind] of Object.entries(links)) {
      const file = `proved-1.3-${hostArch}.${kind}`;
      expect(await host.read(`/etc/extensions/proved.${link}`)).toBe(content(file));
    }
    // Without what lies beside it, a newer image is no version for such a host.
    await publish('proved', [...parts(versions), ...images('proved', ['1.4'])]);
    expect(await available('proved')).toEqual(versions.toReversed());
    await update('proved');
    expect(await current('proved')).toBe(images('proved', ['1.3'])[0]);
  });

  it('takes x.roothash.p7s for x.roothash with 257, so nothing is published under such a name', async () => {
    const files = images('alike', ['1']).map((file) => file.replace(/raw$/, 'roothash'));
    await publish('alike', [...files, ...files.map((file) => `${file}.p7s`)]);
    const roothash = sidecarTransferFiles({ name: 'alike', url: `${server.url}alike/` }).find(
      ({ name }) => name === 'alike.roothash.transfer',
    );
    const path = `/etc/sysupdate.alike.d/alike.roothash.${isOld ? 'conf' : 'transfer'}`;
    await host.write(path, roothash?.text ?? '');
    await makeFolder('alike');
    await update('alike');
    expect(await host.read('/etc/extensions/alike.roothash')).toBe(
      content(`${files[0]}${suite === 'trixie' ? '.p7s' : ''}`),
    );
  });

  it('finds a folder whose URL has percent signs', async () => {
    await publish('a b%a', images('percent', ['1.0']));
    await install('percent', undefined, 'a%20b%25a/');
    await update('percent');
    expect(await current('percent')).toBe(images('percent', ['1.0'])[0]);
  });

  it('gets an image that systemd-sysext merges, and then a newer one', async () => {
    // One file that is no image blocks every merge, and those of the tests above are none.
    await host.run('find', ['/etc/extensions', '-type', 'l', '-delete']);
    await install('greeting');
    for (const version of ['1.9', '1.10']) {
      await publishGreeting(version);
      await update('greeting');
      expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
      expect((await host.run('greet', [])).stdout).toBe(`hello from ${version}\n`);
    }
    expect(await host.run('systemd-sysext', ['unmerge'])).toMatchObject({ code: 0 });
  });

  it('refuses a manifest without a signature when told to check it', async () => {
    await publish('signed', images('signed', ['1.0']));
    const [file] = transferFiles({ name: 'signed', url: `${server.url}signed/`, verify: true });
    await host.write('/etc/sysupdate.signed.d/signed.conf', file?.text ?? '');
    await makeFolder('signed');
    const { code, stderr } = await sysupdate('signed', 'list');
    // 262 tries more names, and that one last.
    const missing = isExact ? 'SHA256SUMS.asc' : 'SHA256SUMS.gpg';
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(missing) });
  });

  it('refuses an image that is not what the manifest says, and keeps the old one', async () => {
    await publish('deno', images('deno', ['2.0.0']));
    await install('deno');
    await update('deno');
    const [newer = ''] = images('deno', ['2.1.0']);
    await publish('deno', [...images('deno', ['2.0.0']), newer]);
    await writeFile(join(folder, 'deno', newer), content('something else'));
    expect((await sysupdate('deno', 'update')).code).toBe(1);
    expect(await current('deno')).toBe(images('deno', ['2.0.0'])[0]);
  });

  it('is content with no component of its own once noop.conf is there', async () => {
    expect((await host.run('systemd-sysupdate', ['list'])).code).toBe(1);
    await host.write(`/etc/sysupdate.d/${noopTransfer.name}`, noopTransfer.text);
    expect((await host.run('systemd-sysupdate', ['list'])).code).toBe(0);
  });
});

function images(name: string, versions: readonly string[]): string[] {
  return versions.map((version) => imageName({ name, version, arch: hostArch }));
}

/** systemd does not look into images; tiny files it cannot download. */
function content(file: string): string {
  return `image ${file}\n`.repeat(100);
}

async function publish(path: string, files: readonly string[]): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  await Promise.all(files.map((file) => writeFile(join(folder, path, file), content(file))));
  const entries = files.map((file) => ({
    name: file,
    sha256: createHash('sha256').update(content(file)).digest('hex'),
  }));
  await writeFile(join(folder, path, 'SHA256SUMS'), formatManifest(entries));
}

/** Publishes a real image. */
async function publishGreeting(version: string): Promise<void> {
  const tree = join(folder, `tree-${version}`);
  const release = join(tree, 'usr/lib/extension-release.d');
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  await mkdir(release, { recursive: true });
  await mkdir(join(folder, 'greeting'), { recursive: true });
  await writeFile(join(tree, 'usr/bin/greet'), `#!/bin/sh\necho hello from ${version}\n`, { mode: 0o755 });
  await writeFile(join(release, 'extension-release.greeting'), `ID=_any\nARCHITECTURE=${hostArch}\n`);
  const [name = ''] = images('greeting', [version]);
  const image = join(folder, 'greeting', name);
  const args = [tree, image, '-noappend', '-all-root', '-quiet', '-no-progress'];
  await runChecked(spawnExec(process.env), 'mksquashfs', args);
  const sha256 = createHash('sha256')
    .update(await readFile(image))
    .digest('hex');
  await writeFile(join(folder, 'greeting/SHA256SUMS'), formatManifest([{ name, sha256 }]));
}

/** Both files of the extension, or of one stream of it, as the only ones of the component. */
async function install(name: string, stream?: Stream, path = `${name}/`): Promise<void> {
  const files = transferFiles({ name, url: server.url + path }, stream === undefined ? [] : [stream]);
  await host.run('rm', ['-rf', `/etc/sysupdate.${name}.d`]);
  await makeFolder(name);
  for (const { name: file, text } of files.slice(-2)) {
    await host.write(`/etc/sysupdate.${name}.d/${file}`, text);
  }
}

async function makeFolder(name: string): Promise<void> {
  if (!makesFolders) await host.run('mkdir', ['-p', `/opt/extensions/${name}`]);
}

async function sysupdate(name: string, ...args: readonly string[]) {
  return host.run('systemd-sysupdate', ['-C', name, ...args]);
}

async function update(name: string): Promise<void> {
  const { code, stderr } = await sysupdate(name, 'update');
  expect(code === 0 ? '' : stderr).toBe('');
}

async function available(name: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await sysupdate(name, '--json=short', 'list');
  expect(code === 0 ? '' : stderr).toBe('');
  expect(stderr).not.toContain("should have the '.transfer' extension");
  expect(stderr).not.toContain('lacks MatchPattern');
  expect(stderr).not.toContain('Unknown key');
  const found = JSON.parse(stdout);
  // Up to 256 a table.
  return Array.isArray(found) ? found.map(({ version }) => version) : found.all;
}

/** The image the extension’s link leads to. */
async function current(name: string): Promise<string> {
  const target = await host.readlink(`/etc/extensions/${name}.raw`);
  const [, file = ''] =
    new RegExp(`^(?:\\.\\./\\.\\.)?/opt/extensions/${name}/([^/]+)$`).exec(target ?? '') ?? [];
  return file;
}

async function installed(name: string): Promise<readonly string[]> {
  const { stdout } = await host.run('ls', ['-A', `/opt/extensions/${name}`]);
  return stdout.trim().split('\n').toSorted();
}
