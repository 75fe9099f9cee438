import { mkdir, mkdtempDisposable, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import type { FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { fileServer } from '@bakery/testbed/file-server.ts';
import { upstreamHttp } from '@bakery/testbed/upstream.ts';
import { openFakeStore, repository } from '../../testing/fake-store.ts';
import {
  publishSample,
  sampleBakery,
  type SampleBakery,
  sampleContent,
  sampleRecipe,
} from '../../testing/sample-bakery.ts';
import { cacheIn } from '../fetch/cache.ts';
import { downloadsFolder, mirrorBakery } from '../mirror/mirror.ts';
import { openSource } from '../mirror/open-source.ts';
import type { Arch } from '../names/arch.ts';
import type { Exec } from '../ports/exec.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { updateGlobalMetadata } from '../release/metadata/global-metadata.ts';
import { updateExtensionMetadata } from '../release/metadata/metadata.ts';
import { type FileServer, serveFolder } from '../serve/serve-folder.ts';
import { directoryStore } from '../store/directory.ts';
import { checkHub } from './check-hub.ts';

const hostArch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const first = ['v1.33.4+k3s1', 'v1.33.5+k3s1', 'v1.34.1+k3s1'];

let stack: AsyncDisposableStack;
let host: DebianHost;

beforeAll(async () => {
  const root = await debianRoot();
  stack = new AsyncDisposableStack();
  host = stack.use(await startHost(root));
});
afterAll(() => stack.disposeAsync());

describe('systemd-sysupdate with a directory store and with a mirror of it', () => {
  let bakery: SampleBakery;
  let copy: string;
  const sites = new Map<string, { readonly folder: string; readonly server: FileServer }>();
  beforeAll(async () => {
    bakery = stack.use(await sampleBakery(''));
    copy = join(stack.use(await mkdtempDisposable(join(tmpdir(), 'mirror-'))).path, 'copy');
    for (const [what, folder] of [
      ['the store', bakery.root],
      ['the mirror', copy],
    ] as const) {
      await mkdir(folder, { recursive: true });
      sites.set(what, { folder, server: stack.use(await serveFolder(folder)) });
    }
    for (const version of first) await bakery.publish('k3s', version);
    await publishAll();
  });

  async function publishAll(): Promise<void> {
    await bakery.index(urlOf('the store'));
    expect(await mirror(urlOf('the store'), copy, urlOf('the mirror'))).toEqual([]);
  }
  function urlOf(site: string): string {
    return sites.get(site)?.server.url ?? '';
  }

  it.each(['the store', 'the mirror'])('lists and updates from %s', async (site) => {
    await reset();
    await install(urlOf(site), 'k3s-v1.33.transfer');
    expect(await available()).toEqual(['5+k3s1', '4+k3s1']);
    await update();
    expect(await current()).toBe(`k3s-v1.33.5+k3s1-${hostArch}.raw`);
    await install(urlOf(site), 'k3s.transfer');
    expect(await available()).toEqual(first.toReversed());
    await update();
    expect(await current()).toBe(`k3s-v1.34.1+k3s1-${hostArch}.raw`);
    expect(await host.read('/etc/extensions/k3s.raw')).toBe(sampleContent(await current()));
  });

  it.each(['the store', 'the mirror'])(
    'sees in %s what the conformance check says is there',
    async (site) => {
      const { complaints, extensions } = await check(urlOf(site), hostExec(host));
      expect(complaints).toEqual([]);
      expect(extensions.map(({ versions }) => versions)).toEqual([first.toReversed()]);
    },
  );

  it('tells in its own words what systemd-sysupdate does not like', async () => {
    const path = join(copy, 'k3s/k3s.transfer');
    const good = await readFile(path, 'utf8');
    await writeFile(path, good.replace('Verify=false', 'Verify=true'));
    const { complaints } = await check(urlOf('the mirror'), hostExec(host));
    await writeFile(path, good);
    expect(complaints.filter(({ code }) => code === 'hub.systemd-list')).toMatchObject([
      {
        place: { file: `${urlOf('the mirror')}k3s/k3s.transfer` },
        message: expect.stringMatching(/signature|verif|SHA256SUMS/i),
      },
    ]);
  });

  it('updates what is a feature only once it is turned on', async () => {
    await bakery.index(urlOf('the store'), ['updatectl']);
    await reset();
    await install(urlOf('the store'), 'k3s.transfer');
    await host.write(
      '/etc/sysupdate.k3s.d/k3s.feature',
      await fetchText(`${urlOf('the store')}k3s/k3s.feature`),
    );
    expect(await available()).toEqual(first.toReversed()); // our transfer files need no feature
    await host.write('/etc/sysupdate.k3s.d/k3s.transfer.d/feature.conf', '[Transfer]\nFeatures=k3s\n');
    expect((await sysupdate('update')).stderr).toMatch(/No transfer definitions .*found/);
    expect(await host.exists('/etc/extensions/k3s.raw')).toBe(false);
    // What updatectl enable writes.
    const on = '/etc/sysupdate.k3s.d/k3s.feature.d/50-systemd-sysupdate-enabled.conf';
    await host.write(on, '[Feature]\nEnabled=true\n');
    expect((await sysupdate('features')).stdout).toContain('k3s');
    await update();
    expect(await current()).toBe(`k3s-v1.34.1+k3s1-${hostArch}.raw`);
    await bakery.index(urlOf('the store'));
  });

  it.each(['x86-64', 'arm64'])('finds the images for %s', async (arch) => {
    const text = await fetchText(`${urlOf('the mirror')}k3s/k3s.transfer`);
    await reset();
    // What %a stands for on a host of that architecture.
    await host.write('/etc/sysupdate.k3s.d/k3s.transfer', text.replaceAll('%a', arch));
    expect(await available()).toEqual(first.toReversed());
    await update();
    expect(await host.read('/etc/extensions/k3s.raw')).toBe(sampleContent(`k3s-v1.34.1+k3s1-${arch}.raw`));
  });

  it.each(['the store', 'the mirror'])('gets a newer version from %s once it is there', async (site) => {
    const version = site === 'the store' ? 'v1.34.2+k3s1' : 'v1.34.10+k3s1';
    await reset();
    await install(urlOf(site), 'k3s.transfer');
    await update();
    await bakery.publish('k3s', version);
    await publishAll();
    await update();
    expect(await current()).toBe(`k3s-${version}-${hostArch}.raw`);
  });

  it.each(['the store', 'the mirror'])('refuses a broken manifest of %s, as the check does', async (site) => {
    const path = join(sites.get(site)?.folder ?? '', 'k3s/SHA256SUMS');
    const good = await readFile(path, 'utf8');
    await reset();
    await install(urlOf(site), 'k3s.transfer');
    try {
      for (const bad of [good.trimEnd(), `${good}\n`, `# k3s\n${good}`, good.replace('  ', '  x/')]) {
        await writeFile(path, bad);
        expect((await sysupdate('list')).code).toBe(1);
        expect((await sysupdate('update')).code).toBe(1);
        const { complaints } = await check(urlOf(site));
        expect(complaints.map(({ code }) => code.split('-', 1)[0])).toContain('hub.manifest');
      }
      expect(await host.exists('/etc/extensions/k3s.raw')).toBe(false);
    } finally {
      await writeFile(path, good);
    }
    await update();
  });

  it('fails cleanly when a download is cut off, and gets the image the next time', async () => {
    await reset();
    await using shaky = await fileServer();
    const newest = `k3s-v1.34.10+k3s1-${hostArch}.raw`;
    for (const file of await readdir(join(copy, 'k3s'))) {
      shaky.serve(`/k3s/${file}`, await readFile(join(copy, 'k3s', file)));
    }
    shaky.serve(`/k3s/${newest}`, {
      body: sampleContent(newest),
      faults: [{ kind: 'reset', after: 10_000, times: 1 }],
    });
    const text = await fetchText(`${urlOf('the mirror')}k3s/k3s.transfer`);
    await host.write('/etc/sysupdate.k3s.d/k3s.transfer', text.replace(urlOf('the mirror'), `${shaky.url}/`));
    expect((await sysupdate('update')).code).toBe(1);
    expect(await host.exists('/etc/extensions/k3s.raw')).toBe(false);
    expect((await host.run('find', ['/opt/extensions', '-name', 'k3s-*'])).stdout).toBe('');
    await update();
    expect(await host.read('/etc/extensions/k3s.raw')).toBe(sampleContent(newest));
  });

  it('does not go back when the newest version is withdrawn', async () => {
    await reset();
    await install(urlOf('the store'), 'k3s.transfer');
    await update();
    const before = await current();
    await rm(join(bakery.root, 'k3s-v1.34.10+k3s1'), { recursive: true });
    await bakery.index(urlOf('the store'));
    expect(await current()).toBe(before);
    await update();
    expect(await current()).toBe(before);
    expect(await available()).toContain('v1.34.10+k3s1'); // it is installed
    expect(await fetchText(`${urlOf('the store')}k3s/SHA256SUMS`)).not.toContain('v1.34.10');
  });
});

describe('systemd-sysupdate with the releases of a repository and no hub', () => {
  it('lists, stays in a stream, updates, and does not go back', async () => {
    await reset();
    await using releases = await openFakeStore();
    const store = releases.store();
    const context = { store, hub: undefined, names: ['k3s'] };
    const publish = async (versions: readonly string[]): Promise<void> => {
      for (const version of versions) await publishSample(store, 'k3s', version);
      await updateExtensionMetadata('k3s', sampleRecipe('k3s'), context);
      await updateGlobalMetadata(context);
    };
    await publish(first);
    const url = store.indexUrl('k3s').replace(/k3s\/$/, '');
    const { complaints } = await check(url, hostExec(host));
    expect(complaints).toEqual([]);

    await install(url, 'k3s-v1.33.transfer');
    expect(await available()).toEqual(['5+k3s1', '4+k3s1']);
    await update();
    expect(await current()).toBe(`k3s-v1.33.5+k3s1-${hostArch}.raw`);
    await publish(['v1.33.6+k3s1', 'v1.35.0+k3s1']);
    await update();
    expect(await current()).toBe(`k3s-v1.33.6+k3s1-${hostArch}.raw`);

    await install(url, 'k3s.transfer');
    await update();
    expect(await current()).toBe(`k3s-v1.35.0+k3s1-${hostArch}.raw`);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'mirror-'));
    expect(await mirror(url, join(folder.path, 'copy'), 'http://10.0.0.1/')).toEqual([]);
    expect(await readdir(join(folder.path, 'copy/k3s'))).toContain('k3s-v1.35.0+k3s1-arm64.raw');

    withdraw(releases.fake, 'k3s-v1.35.0+k3s1');
    const later = { ...context, store: releases.store() };
    await updateExtensionMetadata('k3s', sampleRecipe('k3s'), later);
    expect(await fetchText(`${url}k3s/SHA256SUMS`)).not.toContain('v1.35.0');
    await update();
    expect(await current()).toBe(`k3s-v1.35.0+k3s1-${hostArch}.raw`);
    expect(releases.fake.violations()).toEqual([]);
  });
});

function withdraw(fake: FakeGithub, tag: string): void {
  const { releases } = fake.repo(repository);
  for (const [id, release] of releases) if (release.tag === tag) releases.delete(id);
}

async function reset(): Promise<void> {
  await host.run('rm', ['-rf', '/opt/extensions', '/etc/extensions', '/etc/sysupdate.k3s.d']);
  // systemd 257 does not make the folder of CurrentSymlink=.
  await host.run('mkdir', ['/etc/extensions']);
}

/** The file as the site serves it, as the only one of its component. */
async function install(url: string, file: string): Promise<void> {
  const text = await fetchText(`${url}k3s/${file}`);
  await host.run('rm', ['-rf', '/etc/sysupdate.k3s.d']);
  await host.write(`/etc/sysupdate.k3s.d/${file}`, text);
}

async function fetchText(url: string): Promise<string> {
  return (await upstreamHttp().text(url)) ?? '';
}

function sysupdate(...args: readonly string[]) {
  return host.run('systemd-sysupdate', ['-C', 'k3s', ...args]);
}

async function update(): Promise<void> {
  const { code, stderr } = await sysupdate('update');
  expect(code === 0 ? '' : stderr).toBe('');
}

async function available(): Promise<readonly string[]> {
  const { code, stdout, stderr } = await sysupdate('--json=short', 'list');
  expect(code === 0 ? '' : stderr).toBe('');
  return JSON.parse(stdout).all;
}

async function current(): Promise<string> {
  return (await host.readlink('/etc/extensions/k3s.raw'))?.split('/').at(-1) ?? '';
}

async function check(url: string, exec?: Exec) {
  return checkHub(
    { url, extensions: [], deep: true, systemd: exec !== undefined, known: [], today: '2026-11-23' },
    {
      http: upstreamHttp(),
      exec: exec ?? spawnExec({}),
      report: silentReport,
      tmpdir: tmpdir(),
      sleep: async () => {},
    },
  );
}

/** Programs of the host; the folder with definitions is taken into it. */
function hostExec(on: DebianHost): Exec {
  return {
    ...spawnExec({}),
    run: async (program, args) => {
      const [, folder = ''] = /^--definitions=(.*)$/.exec(args[0] ?? '') ?? [];
      for (const file of await readdir(folder)) await on.place(join(folder, file), join(folder, file));
      return on.run(program, args);
    },
  };
}

async function mirror(source: string, root: string, hub: string): Promise<readonly unknown[]> {
  const http = upstreamHttp();
  const cache = cacheIn(downloadsFolder(root), { verify: true, now: Date.now });
  const ports = { http, cache, report: silentReport, sleep: (ms: number) => pause(ms), random: () => 0 };
  const from = openSource(source, { ...ports, offline: false, cwd: '/', githubServer: '' });
  const { failures } = await mirrorBakery(
    { extensions: [], prune: false, hub, known: [] },
    {
      source: from,
      store: directoryStore(root, hub),
      root,
      report: silentReport,
      exec: spawnExec({}),
      tmpdir: tmpdir(),
      sleep: pause,
    },
  );
  return failures;
}
