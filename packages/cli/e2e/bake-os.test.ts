import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type OpenpgpSigner, openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { runBakery, runWell } from './run-bakery.ts';

const MiB = 2 ** 20;
const folder = 'lts.release.flatcar-linux.net/arm64-usr/4081.3.6';

let bakery: ExampleBakery;
let buildbot: OpenpgpSigner;
beforeAll(async () => {
  bakery = await exampleBakery();
  buildbot = openpgpSigner();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write('flatcar.asc', buildbot.publicKey);
  publish('flatcar_production_image.bin.bz2', execFileSync('bzip2', ['--stdout', await diskOf('disk')]));
});
afterAll(async () => {
  buildbot[Symbol.dispose]();
  await bakery[Symbol.asyncDispose]();
});

describe('bakery bake-os flatcar', () => {
  const flatcar = ['--release', '4081.3.6', '--arch', 'arm64', '--keys', 'flatcar.asc'];

  it('puts what it built into what Flatcar’s key signed, and fetches that once', async () => {
    const ended = await runWell(bakery, ['bake-os', 'flatcar', 'alpha', ...flatcar]);
    expect(ended.stderr).toContain('Flatcar 4081.3.6 for arm64, signature verified');
    const baked = join(bakery.folder, 'baked-flatcar_production_image.bin');
    expect(ended.stdout).toBe(`alpha  alpha-1.0.0-arm64.raw\n${baked}\n`);
    expect(filesIn(baked)).toEqual(['alpha-1.0.0-arm64.raw', 'alpha.raw']);
    expect(await readdir(bakery.tmpdir)).toEqual([]);

    const again = ['bake-os', 'flatcar', 'alpha:1.0.0', ...flatcar, '--output', 'again.bin'];
    publish('flatcar_production_image.bin.bz2', undefined);
    const offline = await runBakery(bakery, ['--offline', ...again]);
    expect(offline).toMatchObject({ code: 0 });
  });

  it('fetches what is published, with what keeps it up to date', async () => {
    await runWell(bakery, ['release', 'alpha:1.0.0', '--no-test', '--hub', 'https://hub.example/extensions']);
    const out = join(bakery.folder, 'out');
    for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) continue;
      bakery.serve(`hub.example/extensions/${path.slice(out.length + 1)}`, await readFile(path));
    }
    const disk = await diskOf('own.img');
    const hub = ['--hub', 'https://hub.example/extensions'];
    const ended = await runWell(bakery, [
      ...hub,
      'bake-os',
      disk,
      'alpha',
      '--fetch',
      '--output',
      'fetched.img',
    ]);
    expect(ended.stdout).toContain('alpha  alpha-1.0.0-x86-64.raw\n');
    expect(filesIn(join(bakery.folder, 'fetched.img'))).toEqual([
      'alpha-1.0.0-x86-64.raw',
      'alpha.conf',
      'alpha.raw',
      'alpha.transfer',
    ]);
  });

  it.each([
    [['own.img', 'alpha', '--vendor', 'hetzner'], '--vendor: expected flatcar for the OS image, got own.img'],
    [['flatcar', 'alpha', '--release', 'new'], '--release: expected MAJOR.MINOR.PATCH, got "new"'],
    [['flatcar', 'alpha', '--vendor', 'nobody'], 'Allowed choices are generic, akamai'],
    [['flatcar', 'alpha', ...flatcar, '--vendor', 'openstack'], 'flatcar_production_openstack_image.img'],
  ])('refuses %j in words', async (args, message) => {
    const ended = await runBakery(bakery, ['bake-os', ...args]);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain(message);
  });
});

/** A file of a release, as Flatcar lays it out; or none any more. */
function publish(name: string, content: Buffer | undefined): void {
  bakery.serve(`${folder}/${name}`, content);
  if (content === undefined) return;
  bakery.serve(`${folder}/${name}.sig`, buildbot.detached(content, { armoured: false }));
  const hash = createHash('sha512').update(content).digest('hex');
  bakery.serve(`${folder}/${name}.DIGESTS`, `# SHA512 HASH\n${hash}  ${name}\n`);
}

/** A disk with one partition that is called as Flatcar’s. */
async function diskOf(name: string): Promise<string> {
  const path = join(bakery.folder, name);
  await writeFile(path, '');
  await truncate(path, 20 * MiB);
  execFileSync('sfdisk', ['-q', path], { input: 'label: gpt\nstart=1MiB, size=16MiB, name="ROOT"\n' });
  const place = ['-E', `offset=${MiB},root_owner=0:0`, path, String(16 * 1024)];
  execFileSync('mkfs.ext4', ['-q', '-F', '-O', '^has_journal', ...place], { stdio: 'ignore' });
  return path;
}

function filesIn(disk: string): string[] {
  const script = `mount -o "ro,loop,offset=${MiB},sizelimit=${16 * MiB}" "$1" /mnt
    find /mnt/etc /mnt/opt ! -type d -printf '%f\\n'`;
  const args = ['--mount', '--propagation', 'private', 'sh', '-ec', script, 'sh', disk];
  return execFileSync('unshare', args, { encoding: 'utf8' }).trim().split('\n').toSorted();
}
