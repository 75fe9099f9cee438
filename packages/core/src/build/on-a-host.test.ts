import { mkdtempDisposable } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Arch } from '../arch.ts';
import { type Bakery, openBakery } from '../bakery/open-bakery.ts';
import { defaultFormat } from '../image/formats.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { createImage, type Created } from '../release/create.ts';

jest.setTimeout(120_000); // apt fetches lists and packages

const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const otherArch: Arch = arch === 'arm64' ? 'x86-64' : 'arm64';
const ownRecipes = join(import.meta.dirname, '../../../../recipes');

let stack: AsyncDisposableStack;
let folder: string;
let bakery: Bakery;
let host: DebianHost;
beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'on-a-host-'))).path;
  const surroundings = {
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    cwd: folder,
    homedir: homedir(),
    tmpdir: folder,
    isRoot: true,
    ownRecipes,
    exec: spawnExec(process.env),
    report: silentReport,
  };
  bakery = await openBakery({}, surroundings);
  host = stack.use(await startHost(root));
}, 300_000);
afterAll(() => stack.disposeAsync());

async function create(name: string, version?: string, wanted: Arch = arch): Promise<Created> {
  const loaded = await bakery.catalogue.find(name);
  const [latest = ''] = await bakery.upstream.latest(name);
  const output = join(folder, `${name}-${wanted}.raw`);
  const settings = { format: defaultFormat, epoch: 0, compression: 'gzip' };
  return createImage(
    { loaded, version: version ?? latest, arch: wanted, options: {}, settings, output },
    bakery.create,
  );
}

async function merge({ path }: Created, name: string): Promise<void> {
  await host.place(path, `/etc/extensions/${name}.raw`);
  expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
}

describe('tilde, relocated from another Debian than the host', () => {
  it('runs with libraries of its own only', async () => {
    const created = await create('tilde');
    await merge(created, 'tilde');
    const [version] = await bakery.upstream.latest('tilde');
    expect(created.inputs.builds?.[0]?.packages).toContainEqual(
      expect.stringMatching(`^tilde ${version?.replaceAll('.', '\\.')}-`),
    );
    expect(await host.run('tilde', ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${version}`),
    });
    const [linker] = (await host.run('ls', ['/usr/lib/flix/tilde'])).stdout.match(/^ld-linux\S+/m) ?? [];
    const listed = await host.run(`/usr/lib/flix/tilde/${linker}`, ['--list', '/usr/bin/tilde']);
    const libraries = [...listed.stdout.matchAll(/=> (\S+)/g)].map(([, path]) => path);
    expect(libraries.length).toBeGreaterThan(10);
    expect(libraries.filter((path) => !path?.startsWith('/usr/lib/flix/tilde/'))).toEqual([]);
  });

  it('is not built for a version that the suite has not got', async () => {
    await expect(create('tilde', '1.1.1')).rejects.toThrow(
      "tilde=1.1.1*, libxcb1: expected packages of bookworm, got: Version '1.1.1*' for 'tilde' was not found",
    );
  });

  it('is built for the other architecture without running anything of it', async () => {
    const { inputs } = await create('tilde', undefined, otherArch);
    expect(inputs.file).toMatch(`${otherArch}.raw`);
  });
});

describe('btop in a root of its own', () => {
  it('runs as root', async () => {
    await merge(await create('btop'), 'btop');
    const [version] = await bakery.upstream.latest('btop');
    expect(await host.run('btop', ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`btop version: ${version}`),
    });
  });

  it('leaves no mount on the host', async () => {
    expect((await host.run('cat', ['/proc/self/mounts'])).stdout).not.toContain('flatwrap');
  });
});
