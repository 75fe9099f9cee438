import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImageFormat } from '@bakery/core/src/image/formats.ts';
import { serveFolder } from '@bakery/core/src/serve/serve-folder.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type Ended, runWell } from './run-bakery.ts';

const arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';

let stack: AsyncDisposableStack;
let host: DebianHost;
let bakery: ExampleBakery;
beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  bakery = stack.use(await exampleBakery());
  host = stack.use(await startHost(root));
  await host.run('mkdir', ['/etc/extensions']);
});
afterAll(async () => stack.disposeAsync());

afterEach(async () => {
  await host.run('systemd-sysext', ['unmerge']);
  await host.run('find', ['/etc/extensions', '-mindepth', '1', '-delete']);
});

describe('systemd-sysext', () => {
  beforeAll(() => bakery.putOut('alpha', '1.0.0'));

  it.each(['squashfs', 'erofs', 'btrfs', 'ext4'] as const)('merges an image in %s', async (format) => {
    await create(format);
    expect(await host.run('systemd-sysext', ['merge'])).toMatchObject({ code: 0 });
    expect(await host.run('alpha', [])).toMatchObject({ stdout: 'alpha 1.0.0\n' });
  });

  // It is not on systemd's list (dissect_fstype_ok() in dissect-image.c); put there by hand, the kernel refuses
  // the mount option "norecovery" that systemd gives to all of ext2, ext3 and ext4.
  it('refuses an image in ext2, and create says so', async () => {
    const { stderr } = await create('ext2');
    expect(stderr).toContain('warning: ext2: systemd-sysext refuses such images');
    for (const env of [{}, { SYSTEMD_DISSECT_FILE_SYSTEMS: 'ext2' }]) {
      expect(await host.run('systemd-sysext', ['merge'], { env })).toMatchObject({ code: 1 });
    }
  });
});

describe('systemd-sysupdate', () => {
  it('keeps three versions of five, and the last is the one that runs', async () => {
    const store = join(bakery.folder, 'out');
    await mkdir(store);
    await using server = await serveFolder(store);
    const versions = ['v2.9.0', 'v2.10.0', 'v2.11.0', 'v3.0.0', 'v3.0.1'];
    for (const version of versions) {
      await bakery.putOut('beta', version);
      await runWell(bakery, ['release', 'beta', '--store', 'dir:out', '--hub', server.url]);
      await host.place(join(store, 'beta/beta.transfer'), '/etc/sysupdate.beta.d/beta.transfer');
      expect(await host.run('systemd-sysupdate', ['-C', 'beta', 'update'])).toMatchObject({ code: 0 });
      expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
      expect(await host.run('beta', [])).toMatchObject({ stdout: `beta ${version}\n` });
    }
    const { stdout } = await host.run('ls', ['-A', '-v', '/opt/extensions/beta']);
    expect(stdout.trim().split('\n')).toEqual(versions.slice(-3).map((one) => `beta-${one}-${arch}.raw`));
  });
});

async function create(format: ImageFormat): Promise<Ended> {
  const size = format.startsWith('ext') ? ['--ext-fs-size', '32M'] : [];
  const args = ['create', 'alpha', '1.0.0', '--arch', arch, '--format', format, ...size];
  const ended = await runWell(bakery, args);
  await host.place(join(bakery.folder, 'alpha.raw'), '/etc/extensions/alpha.raw');
  return ended;
}
