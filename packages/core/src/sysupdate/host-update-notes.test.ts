import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { sha256 } from '../../testing/sample-releases.ts';
import { imageName } from '../names/file-names.ts';
import { spawnExec } from '../ports/spawn.ts';
import { type FileServer, serveFolder } from '../serve/serve-folder.ts';
import { formatManifest } from './manifest.ts';
import { type Stream, streamsOf } from './streams.ts';
import { transferFiles } from './transfer.ts';

const arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const versions = ['v1.33.1+k3s1', 'v1.34.2+k3s1'];
const page = 'https://github.example/octo/bakery/releases/tag/noted-';
const [stream] = streamsOf(['v1.33.1+k3s1'], 'minor');

let stack: AsyncDisposableStack;
let server: FileServer;
let host: DebianHost;
describe.each(suitesAsked())('where a version is explained, on a host with Debian %s', (suite) => {
  // 254 reads nothing but .conf, and no drop-in of it.
  const isOld = suite === 'bookworm-backports';
  beforeAll(async () => {
    const root = await debianRoot(testbedCache(), spawnExec(process.env), suite);
    stack = new AsyncDisposableStack();
    const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'noted-'))).path;
    await mkdir(join(folder, 'noted'));
    const images = versions.map((version) => imageName({ name: 'noted', version, arch }));
    for (const name of images) await writeFile(join(folder, 'noted', name), name);
    const manifest = images.map((name) => ({ name, sha256: sha256(name) }));
    await writeFile(join(folder, 'noted/SHA256SUMS'), formatManifest(manifest));
    server = stack.use(await serveFolder(folder));
    host = stack.use(await startHost(root));
    await host.run('mkdir', ['-p', '/etc/extensions', '/opt/extensions/noted']);
  });
  afterAll(() => stack.disposeAsync());

  it.each([
    ['the newest version', undefined, 'v1.34.2+k3s1', 'v1.34.2+k3s1'],
    ['a stream, whose pattern holds a part of it', stream, '1+k3s1', 'v1.33.1+k3s1'],
  ])('is told to who follows %s, without a word of warning', async (_what, of, called, version) => {
    await install(of, page);
    const { code, stdout, stderr } = await sysupdate('list', called);
    expect([code, stderr.match(/unknown|invalid|ignoring/gi)]).toEqual([0, null]);
    expect(stdout.includes(`ChangeLog: ${page}${version}\n`)).toBe(!isOld);
    const update = await sysupdate('update');
    expect(update.code === 0 ? '' : update.stderr).toBe('');
    expect(await host.read('/etc/extensions/noted.raw')).toBe(imageName({ name: 'noted', version, arch }));
  });

  it('is told where a drop-in of the host says it', async () => {
    await install();
    await host.write(
      '/etc/sysupdate.noted.d/noted.transfer.d/changelog.conf',
      '[Transfer]\nChangeLog=https://site.example/noted/index.html#@v\n',
    );
    const { stdout } = await sysupdate('list', 'v1.34.2+k3s1');
    const line = 'ChangeLog: https://site.example/noted/index.html#v1.34.2+k3s1\n';
    expect(stdout.includes(line)).toBe(!isOld);
  });
});

/** Both files of the extension, or of its stream. */
async function install(of?: Stream, notes?: string): Promise<void> {
  await host.run('rm', ['-rf', '/etc/sysupdate.noted.d']);
  const transfer = { name: 'noted', url: `${server.url}noted/`, notes };
  for (const { name, text } of transferFiles(transfer, of === undefined ? [] : [of]).slice(-2))
    await host.write(`/etc/sysupdate.noted.d/${name}`, text);
}

function sysupdate(...args: readonly string[]) {
  return host.run('systemd-sysupdate', ['-C', 'noted', ...args]);
}
