import { createHash } from 'node:crypto';
import { mkdir, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { extractExtFiles } from '../image/ext/extract-ext.ts';
import { absent } from '../lifetime/file-errors.ts';
import { lock } from '../lifetime/lock.ts';
import { ownedFolder, removeAbandoned } from '../lifetime/owned-folder.ts';
import { type Arch, archNames } from '../names/arch.ts';
import type { Exec } from '../ports/exec.ts';
import { endedWith, lastLines } from '../ports/last-lines.ts';
import type { Report } from '../ports/report.ts';
import { runChecked } from '../ports/run-checked.ts';
import type { KernelGuest } from './guest.ts';
import type { Machine } from './machine.ts';

export interface GuestContext {
  readonly exec: Exec;
  readonly report: Report;
  readonly cacheFolder: string;
  readonly offline: boolean;
}

/** systemd 257 and newer, which takes units from the kernel's command line. */
export const suites = ['trixie', 'sid'] as const;
export type Suite = (typeof suites)[number];

const included = [
  'systemd',
  'systemd-sysv',
  'systemd-container',
  'systemd-resolved',
  'udev',
  'dbus',
  'initramfs-tools',
  'kmod',
  'iproute2',
  'iptables',
  'ca-certificates',
  'gpg',
  'openssh-server',
  'squashfs-tools',
  'libatomic1',
  'libcryptsetup12', // systemd only recommends it, but opens images with hash trees by it
  'passwd',
  'sudo',
  'curl',
  'less',
  'procps',
];
/** Shell that mmdebstrap runs on the finished root: the network is there, and nobody answers ssh until a boot asks for it. */
const settled = [
  `printf '[Match]\\nName=eth0\\n[Network]\\nDHCP=ipv4\\n' > "$1/etc/systemd/network/eth0.network"`,
  'chroot "$1" systemctl enable systemd-networkd.service',
  'chroot "$1" systemctl disable ssh.service ssh.socket',
  'rm -f "$1"/etc/ssh/ssh_host_*',
];
const fileTypes = 'filetype'; // a feature of ext2 (ext4(5))
const partialPrefix = 'partial-'; // of a folder being made
const diskSize = 8 * 2 ** 30; // bytes, nearly all of them a hole in the file

/** Debian from its own mirrors, about 300 MB; made once and kept in the cache. */
export async function debianGuest(
  suite: Suite,
  arch: Arch,
  machine: Machine,
  context: GuestContext,
): Promise<KernelGuest> {
  const packages = [machine.kernel, ...included];
  const made = [fileTypes, ...packages, ...settled].join('\n');
  const digest = createHash('sha256').update(made).digest('hex').slice(0, 12);
  const guests = join(context.cacheFolder, 'guests');
  const folder = join(guests, `debian-${suite}-${arch}-${digest}`);
  const guest = {
    disk: join(folder, 'disk'),
    kernel: join(folder, 'kernel'),
    initrd: join(folder, 'initrd'),
  };
  if ((await stat(folder).catch(absent)) !== undefined) return guest;
  if (context.offline) {
    throw new UserError(
      'fetch.offline',
      `Debian ${suite}: expected it in the cache (--offline), found it was never fetched`,
    );
  }
  await mkdir(guests, { recursive: true });
  await using _held = await lock(join(guests, 'lock'));
  if ((await stat(folder).catch(absent)) !== undefined) return guest;
  await removeAbandoned(guests, partialPrefix);
  await using partial = await ownedFolder(guests, partialPrefix);
  await context.report.group(`Make a Debian ${suite} to boot (once)`, async () => {
    await installDebian(suite, arch, packages, partial.path, context);
    await rename(partial.path, folder);
  });
  return guest;
}

async function installDebian(
  suite: Suite,
  arch: Arch,
  packages: readonly string[],
  folder: string,
  { exec }: GuestContext,
): Promise<void> {
  const disk = join(folder, 'disk');
  try {
    await runChecked(exec, 'mmdebstrap', debianArgs(suite, arch, packages, disk), { isApart: true });
  } catch (error) {
    throw withEmulator(error);
  }
  await truncate(disk, diskSize);
  await addFileTypes(disk, exec);
  await runChecked(exec, 'resize2fs', [disk]);
  const kinds = [
    ['kernel', /^\/boot\/vmlinuz-[^/]+$/],
    ['initrd', /^\/boot\/initrd\.img-[^/]+$/],
  ] as const;
  const found = await extractExtFiles(disk, (path) => {
    const [name] = kinds.find(([, pattern]) => pattern.test(path)) ?? [];
    return name === undefined ? undefined : join(folder, name);
  });
  if (found !== kinds.length) {
    throw new UserError(
      'guest.failed',
      `Debian ${suite}: expected one kernel and one initrd in /boot, found ${found} files`,
    );
  }
}

/** Without them in folders, CRI-O and others refuse to lay one folder over another. */
async function addFileTypes(disk: string, exec: Exec): Promise<void> {
  await runChecked(exec, 'tune2fs', ['-O', fileTypes, disk]);
  const { code, stdout, stderr } = await exec.run('e2fsck', ['-fy', disk]);
  if (code === 0 || code === 1) return; // 1: it changed something, as it was to
  throw new UserError(
    'program.failed',
    `e2fsck -fy ${disk}: ${endedWith(code)}\n  ${lastLines({ stdout, stderr })}`,
  );
}

const noEmulator = /foreign architecture|user emulation/;

/** The installer runs programs of the guest, whatever its architecture. */
function withEmulator(error: unknown): unknown {
  if (!(error instanceof UserError) || !noEmulator.test(error.message)) return error;
  return new UserError(error.code, error.message, {
    hint: 'it runs programs of that architecture: apt-get install qemu-user-static binfmt-support arch-test',
    cause: error,
  });
}

function debianArgs(suite: Suite, arch: Arch, packages: readonly string[], output: string): string[] {
  return [
    '--quiet',
    '--variant=minbase',
    '--format=ext2',
    `--architectures=${archNames(arch).debian}`,
    `--include=${packages.join(',')}`,
    ...settled.map((line) => `--customize-hook=${line}`),
    ...(suite === 'sid' ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []), // mirrors of it lag behind
    '--',
    suite,
    output,
  ];
}
