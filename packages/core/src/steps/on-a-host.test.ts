import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { librariesOf } from '@bakery/testbed/debian-host/libraries.ts';
import { smoke } from '@bakery/testbed/debian-host/smoke.ts';
import { machineArch as arch } from '@bakery/testbed/machine-arch.ts';
import { publishedBefore } from '@bakery/testbed/published-before.ts';
import { type TestBakery, testBakery } from '@bakery/testbed/test-bakery.ts';
import type { Created } from '../release/create/create.ts';
import { compareVersions } from '../systemd/compare.ts';

let stack: AsyncDisposableStack;
let bakery: TestBakery;
let host: DebianHost;
beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'on-a-host-'))).path;
  bakery = await testBakery(folder);
  host = stack.use(await startHost(root));
});
afterAll(() => stack.disposeAsync());

async function merge({ path }: Created, name: string): Promise<void> {
  await host.place(path, `/etc/extensions/${name}.raw`);
  expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
}

describe('tilde, relocated from another Debian than the host', () => {
  it('runs with libraries of its own only', async () => {
    const build = { name: 'tilde', version: await bakery.latest('tilde'), arch };
    const created = await bakery.create(build);
    await merge(created, 'tilde');
    expect(created.inputs.builds?.[0]?.packages).toContainEqual(
      expect.stringMatching(`^tilde ${build.version.replaceAll('.', '\\.')}-`),
    );
    await smoke(host, build);
    const libraries = await librariesOf(host, 'tilde');
    expect(libraries.length).toBeGreaterThan(10);
    expect(libraries.filter((path) => !path.startsWith('/usr/lib/flix/tilde/'))).toEqual([]);
  });

  it('is no older than what was published of it before', async () => {
    const [newest = ''] = (await publishedBefore(['tilde'])).get('tilde') ?? [];
    expect(newest).not.toBe('');
    expect(compareVersions(await bakery.latest('tilde'), newest)).toBeGreaterThanOrEqual(0);
  });

  it('is not built for a version that the suite has not got', async () => {
    await expect(bakery.create({ name: 'tilde', version: '1.1.1', arch })).rejects.toThrow(
      "tilde=1.1.1*, libxcb1: expected packages of bookworm, got: Version '1.1.1*' for 'tilde' was not found",
    );
  });
});

describe('htop in a root of its own', () => {
  it('runs as root', async () => {
    const build = { name: 'htop', version: await bakery.latest('htop'), arch };
    await merge(await bakery.create(build), 'htop');
    await smoke(host, build);
  });

  it('leaves no mount on the host', async () => {
    expect((await host.run('cat', ['/proc/self/mounts'])).stdout).not.toContain('flatwrap');
  });
});
