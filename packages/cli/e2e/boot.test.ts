import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { until } from '@bakery/testbed/patience.ts';
import { freePort } from '@bakery/testbed/started-program.ts';
import { runBakery, runWell, startBakery } from './run-bakery.ts';

const greeter = `recipe: 1
name: greeter
summary: A service that writes a file
homepage: https://greeter.example/
license: MIT
versions: { from: http, url: 'https://alpha.example/{arch}.html', regex: '<li>([^<]+)</li>' }
arch: { x86-64: amd64, arm64: aarch64 }
reload: true
units: [{ name: greeter.service, start: merge }]
`;
const units = 'recipes/greeter/files/usr/lib/systemd/system';
const unit = `[Unit]
Description=Greets
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/touch /run/greeted
`;

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write('recipes/greeter/recipe.yaml', greeter);
  await bakery.write(`${units}/greeter.service`, unit);
  await bakery.write(`${units}/multi-user.target.d/10-greeter.conf`, '[Unit]\nUpholds=greeter.service\n');
  await runWell(bakery, ['create', 'greeter', '1.0.0']);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery boot', () => {
  it('merges what it built and what is there, starts units, and ends as the command does', async () => {
    const command = [
      'alpha',
      'systemctl is-active greeter.service',
      'ls /run/greeted',
      'systemctl start ssh && cat /home/bakery/.ssh/authorized_keys',
      'systemctl --failed --no-legend',
      // Container engines do not start on folders whose names are of no kind.
      'cd /var/tmp && mkdir upper work all',
      'mount -t overlay none -o lowerdir=/etc,upperdir=upper,workdir=work all && dmesg | grep d_type',
      'exit 7',
    ].join(';');
    await bakery.write('id.pub', 'ssh-ed25519 AAAA me@here\n');
    const ssh = ['--ssh', 'id.pub', '--ports', `${await freePort()}:22`];
    // The system to boot is the same for all runs; to make it takes a minute.
    const env = { BAKERY_CACHE: testbedCache() };
    const words = ['boot', 'greeter.raw', 'alpha:1.0.0', '--os', 'debian', ...ssh, '--command', command];
    const ended = await runBakery(bakery, words, { env });
    const stdout = 'alpha 1.0.0\nactive\n/run/greeted\nssh-ed25519 AAAA me@here\n';
    expect(ended).toMatchObject({ code: 7, stdout });
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });

  it('looks at everything it was given before it gets or makes anything', async () => {
    const wrong = ['alpha', '--os', 'disk.raw', '--arch', 'arm64', '--memory', '600'];
    await writeFile(join(bakery.folder, 'disk.raw'), ignitionReader);
    const env = { PATH: '/nowhere' };
    const ended = await runBakery(bakery, ['boot', ...wrong], { env });
    expect(ended.stderr).toContain('--os: expected --firmware with an image for arm64, got none');
    await bakery.write('firmware.fd', '');
    const firmware = ['--firmware', 'firmware.fd'];
    const image = await runBakery(bakery, ['boot', 'greeter.raw', ...wrong.slice(1), ...firmware]);
    expect(image.stderr).toContain('greeter.raw: expected an image for arm64, got one for x86-64');
    await bakery.write('id.pub', 'ssh-ed25519 AAAA me@here\n');
    const ports = ['--ssh', 'id.pub', '--ports', '2222:80'];
    expect((await runBakery(bakery, ['boot', 'greeter.raw', ...ports])).stderr).toContain(
      '--ssh: expected port 2222 to lead to ssh, got --ports 2222:80',
    );
  });

  it('hands a disk of the user Ignition that brings the images from its own server', async () => {
    await writeFile(join(bakery.folder, 'disk.raw'), ignitionReader);
    const ended = await runWell(bakery, ['boot', 'greeter.raw', '--os', 'disk.raw']);
    const { storage } = ignitionIn(ended.stdout);
    expect(storage.files[0]?.path).toBe('/opt/extensions/greeter/greeter.raw');
    expect(storage.files[0]?.contents.source).toMatch(/^http:\/\/10\.0\.2\.2:\d+\/greeter\.raw$/);
    expect(storage.links[0]).toMatchObject({
      path: '/etc/extensions/greeter.raw',
      target: '/opt/extensions/greeter/greeter.raw',
    });
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });

  it.each([['a command', ['--command', 'true']] as const, ['a person', []] as const])(
    'takes a machine for %s along when it is killed',
    async (_who, command) => {
      await writeFile(join(bakery.folder, 'nothing.raw'), Buffer.alloc(1024 * 1024));
      await using left = await mkdtempDisposable(join(tmpdir(), 'killed-boot-'));
      const words = ['boot', 'greeter.raw', '--os', 'nothing.raw', ...command];
      const child = startBakery(bakery, words, { env: { TMPDIR: left.path } });
      await until('a machine that runs', isRunning);
      child.kill('SIGKILL');
      await until('the end of the machine', async () => !(await isRunning()));
    },
  );

  it('merges what butane makes of a file of the user', async () => {
    await writeFile(join(bakery.folder, 'disk.raw'), ignitionReader);
    const yaml =
      'variant: flatcar\nversion: 1.1.0\nstorage: { files: [{ path: /etc/own, contents: { local: own } }] }\n';
    await bakery.write('own.yaml', yaml);
    await bakery.write('own', 'mine');
    const env = await withButane();
    const ended = await runWell(bakery, ['boot', 'greeter.raw', '--os', 'disk.raw', '--butane', 'own.yaml'], {
      env,
    });
    const { ignition, storage } = ignitionIn(ended.stdout);
    const [, own = ''] = ignition.config?.merge[0]?.source.split(/,(.*)/s) ?? [];
    expect(JSON.parse(decodeURIComponent(own))).toMatchObject({
      storage: { files: [{ path: '/etc/own', contents: { source: 'data:,mine' } }] },
    });
    expect(storage.files[0]?.contents.source).toBe('http://10.0.2.2:12345/greeter.raw');
  });

  it.each<[string, string, string]>([
    [
      'a symlink',
      'storage: { files: [{ path: /a, contents: { local: out } }] }',
      'out: expected nothing outside of ., got a link to ',
    ],
    [
      'an absolute path',
      'storage: { files: [{ path: /a, contents: { local: /etc/hostname } }] }',
      'line 3 col 51: open ./etc/hostname: no such file or directory',
    ],
    [
      'control characters in a place',
      String.raw`storage: { files: [{ path: "/a\e[31m\u202e/..", contents: { inline: x } }] }`,
      'line 3 col 28: path is not fully simplified',
    ],
    ['control characters in a key', String.raw`"\e[31m\u202e": 7`, 'Unused key'],
  ])('takes nothing of this machine by the Butane of a stranger with %s', async (_what, yaml, message) => {
    await writeFile(join(bakery.folder, 'disk.raw'), ignitionReader);
    const folder = join(bakery.folder, 'stranger');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await bakery.write('secret', 'host');
    await symlink('../secret', join(folder, 'out'));
    await writeFile(join(folder, 'stranger.yaml'), `variant: flatcar\nversion: 1.1.0\n${yaml}\n`);
    const words = ['boot', '../greeter.raw', '--os', '../disk.raw', '--butane', 'stranger.yaml'];
    const ended = await runBakery({ ...bakery, folder }, words, { env: await withButane() });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/this is a bug|\p{Cf}|(?![\n\t])\p{Cc}/u);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });

  it('fetches Flatcar, and hands QEMU what its key signed and nothing else', async () => {
    using buildbot = openpgpSigner();
    using stranger = openpgpSigner();
    await bakery.write('flatcar.asc', buildbot.publicKey);
    const sign = (path: string, text: string, by = buildbot): void => {
      bakery.serve(path, text);
      bakery.serve(`${path}.sig`, by.detached(text).toString());
    };
    const channel = 'stable.release.flatcar-linux.net/amd64-usr';
    sign(`${channel}/current/version.txt`, 'FLATCAR_VERSION=4459.2.0\n');
    for (const name of ['image.img', 'efi_code.qcow2', 'efi_vars.qcow2']) {
      const path = `${channel}/4459.2.0/flatcar_production_qemu_uefi_${name}`;
      sign(path, 'no disk');
      const hash = createHash('sha512').update('no disk').digest('hex');
      bakery.serve(`${path}.DIGESTS`, `# SHA512 HASH\n${hash}  flatcar_production_qemu_uefi_${name}\n`);
    }
    const boot = ['boot', 'greeter.raw', '--keys', 'flatcar.asc'];
    const ended = await runBakery(bakery, boot);
    expect(ended.stderr).toContain('Flatcar 4459.2.0 for x86-64, signature verified');
    expect(ended.stderr).toMatch(/qemu-system-x86_64: .*qcow2 format/);
    expect(ended.code).toBe(1);

    sign(`${channel}/4459.2.0/flatcar_production_qemu_uefi_image.img`, 'no disk', stranger);
    const refused = await runBakery(bakery, boot);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('expected a signature by a key in');
    expect(refused.stderr).not.toContain('qemu-system');
  });

  it.each([
    [['nowhere.raw'], 'nowhere.raw: expected an image, found none'],
    [['alpha', 'alpha:1.0.0'], 'alpha:1.0.0: expected each extension once, got alpha again'],
    [['alpha', '--ports', '80'], 'expected ports like 8080:80,2222:22'],
    [['alpha', '--ports', '80:1,80:2'], 'expected each port of 127.0.0.1 once'],
    [['alpha', '--memory', '12'], 'expected at least 512'],
    [
      ['greeter.raw', '--os', 'windows'],
      '--os: expected flatcar, debian, debian:trixie, debian:sid or an OS image',
    ],
    [['greeter.raw', '--os', 'debian', '--channel', 'beta'], '--channel: expected Flatcar, got --os debian'],
    [
      ['greeter.raw', '--os', 'debian', '--butane', 'x'],
      '--butane: expected Flatcar or the path of an OS image',
    ],
    [['greeter.raw', '--release', 'newest'], '--release: expected MAJOR.MINOR.PATCH, got "newest"'],
    [['greeter.raw', '--butane', 'no.yaml'], '--butane: expected a file, found none at no.yaml'],
    [
      ['greeter.raw', '--butane', 'bakery.yaml'],
      '--butane bakery.yaml: needs butane, which is not installed',
    ],
  ])('refuses %j in words', async (args, message) => {
    const ended = await runBakery(bakery, ['boot', ...args, '--command', 'true']);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain(message);
  });

  it('says what is no key', async () => {
    const ended = await runBakery(bakery, ['boot', 'greeter.raw', '--ssh', 'bakery.yaml']);
    expect(ended.stderr).toContain(
      '--ssh bakery.yaml: expected the file of one public key, found something else in it',
    );
  });
});

/** Whether a process has the disk `nothing.raw` in the user’s folder. */
async function isRunning(): Promise<boolean> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).some((line) => line.includes(`${bakery.folder}/nothing.raw,`));
}

async function withButane(): Promise<Readonly<Record<string, string>>> {
  const bin = join(bakery.folder, 'bin');
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin);
  await symlink(join(import.meta.dirname, '../../../scripts/butane'), join(bin, 'butane'));
  return { PATH: `${bin}:${bakery.env['PATH'] ?? ''}`, HOME: process.env['HOME'] ?? '/' };
}

/**
 * The boot sector of a disk. It sends the first file of QEMU’s fw_cfg that begins with a brace, which is the Ignition,
 * over the serial line, and turns the machine off: https://www.qemu.org/docs/master/specs/fw_cfg.html
 */
const ignitionReader = Buffer.alloc(1024 * 1024);
ignitionReader.set(
  [
    [0xbb, 0x20, 0x00], // mov bx, 0x20: the first key of a file
    [0x89, 0xd8], // key: mov ax, bx
    [0xba, 0x10, 0x05, 0xef], // mov dx, 0x510; out dx, ax: select it
    [0x42, 0xec], // inc dx; in al, dx: read a byte
    [0x3c, 0x7b, 0x75, 0x16], // cmp al, '{'; jne next
    [0xba, 0xf8, 0x03, 0xee], // send: mov dx, 0x3f8; out dx, al
    [0xba, 0xfd, 0x03, 0xec, 0xa8, 0x40, 0x74, 0xf8], // wait: mov dx, 0x3fd; in al, dx; test al, 0x40; jz wait
    [0xba, 0x11, 0x05, 0xec], // mov dx, 0x511; in al, dx
    [0x84, 0xc0, 0x75, 0xec], // test al, al; jnz send: zeros follow the last byte
    [0xeb, 0x06], // jmp off
    [0x43, 0x80, 0xfb, 0x60, 0x75, 0xd8], // next: inc bx; cmp bl, 0x60; jne key
    [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4], // off: mov dx, 0x604; mov ax, 0x2000; out dx, ax; hlt
  ].flat(),
);
ignitionReader.set([0x55, 0xaa], 510);

interface Ignition {
  readonly ignition: { readonly config?: { readonly merge: readonly { readonly source: string }[] } };
  readonly storage: {
    readonly files: readonly { readonly path: string; readonly contents: { readonly source: string } }[];
    readonly links: readonly object[];
  };
}

/** SeaBIOS may say something first. */
function ignitionIn(serial: string): Ignition {
  return JSON.parse(serial.slice(serial.indexOf('{')));
}
