/** What a tool is needed for; a job's tools must all be there before it starts. */
export type Job =
  | 'pack squashfs'
  | 'read squashfs'
  | 'pack erofs'
  | 'read erofs'
  | 'pack btrfs'
  | 'read btrfs'
  | 'pack ext'
  | 'read ext'
  | 'npm sources'
  | 'signatures'
  | 'signing'
  | 'verity'
  | 'xz archives'
  | 'bzip2 archives'
  | 'zstd archives'
  | 'deb packages'
  | 'rpm packages'
  | 'containers'
  | 'git sources'
  | 'apt roots'
  | 'relocation'
  | 'private roots'
  | 'guests'
  | 'os images'
  | 'qcow2 images';

/** Package managers the bakery can install tools with. */
export type Manager = 'apt-get' | 'dnf' | 'apk' | 'zypper';

export interface Tool {
  readonly program: string;
  /** Package that holds the program, and others it needs, separated by spaces. apt-get is Debian and Ubuntu, dnf Fedora, apk Alpine, zypper openSUSE. */
  readonly packages: Readonly<Record<Manager, string>>;
  /** Ends the sentence "needed to …". */
  readonly why: string;
  readonly jobs: readonly Job[];
  /** Oldest version with everything we ask of it. */
  readonly atLeast?: string;
  /** Program and arguments that print the version, where it is not `--version`. */
  readonly version?: readonly [program: string, ...args: string[]];
}

const squashfsTools = same('squashfs-tools');
const erofsUtils = same('erofs-utils');
const btrfsProgs = { ...same('btrfs-progs'), zypper: 'btrfsprogs' };
const e2fsprogs = same('e2fsprogs');

export const tools = [
  {
    program: 'mksquashfs',
    packages: { ...squashfsTools, zypper: 'squashfs' },
    why: 'pack squashfs images',
    jobs: ['pack squashfs'],
    atLeast: '4.5', // -root-mode
    version: ['mksquashfs', '-version'],
  },
  {
    program: 'unsquashfs',
    packages: { ...squashfsTools, zypper: 'squashfs' },
    why: 'read squashfs images',
    jobs: ['read squashfs'],
    atLeast: '4.5', // earlier ones end with 0 after errors
    version: ['unsquashfs', '-version'],
  },
  {
    program: 'mkfs.erofs',
    packages: erofsUtils,
    why: 'pack erofs images',
    jobs: ['pack erofs'],
    atLeast: '1.4', // --all-root, -x-1, lz4hc levels
    version: ['dump.erofs', '-V'], // mkfs.erofs itself cannot say it before 1.6
  },
  {
    program: 'dump.erofs',
    packages: erofsUtils,
    why: 'tell which erofs-utils are installed',
    jobs: ['pack erofs'],
    version: ['dump.erofs', '-V'],
  },
  {
    program: 'fsck.erofs',
    packages: erofsUtils,
    why: 'unpack erofs images',
    jobs: ['read erofs'],
    atLeast: '1.5', // --extract=DIR
    version: ['fsck.erofs', '-V'],
  },
  {
    program: 'mkfs.btrfs',
    packages: btrfsProgs,
    why: 'pack btrfs images',
    jobs: ['pack btrfs'],
    atLeast: '4.14.1', // --shrink
  },
  { program: 'btrfs', packages: btrfsProgs, why: 'read btrfs images', jobs: ['read btrfs'] },
  {
    program: 'unshare',
    packages: same('util-linux'),
    why: 'give files to root in btrfs images without being root',
    jobs: ['pack btrfs'],
  },
  {
    program: 'e2fsck',
    packages: e2fsprogs,
    why: 'check ext2 and ext4 images',
    jobs: ['pack ext', 'read ext', 'guests'],
    version: ['e2fsck', '-V'],
  },
  {
    program: 'npm',
    packages: same('npm'),
    why: 'ask the npm registry for versions and packages',
    jobs: ['npm sources'],
  },
  {
    program: 'gpg',
    packages: { 'apt-get': 'gpg', dnf: 'gnupg2', apk: 'gnupg', zypper: 'gpg2' },
    why: 'check OpenPGP signatures',
    jobs: ['signatures', 'signing'],
    atLeast: '2.2', // Debian 10 and Ubuntu 18.04; nothing older was tried
  },
  {
    program: 'gpg-agent',
    packages: { 'apt-get': 'gpg-agent', dnf: 'gnupg2', apk: 'gnupg', zypper: 'gpg2' },
    why: 'sign manifests',
    jobs: ['signing'],
    atLeast: '2.2',
  },
  {
    program: 'veritysetup',
    packages: { 'apt-get': 'cryptsetup-bin', dnf: 'veritysetup', apk: 'cryptsetup', zypper: 'cryptsetup' },
    why: 'make hash trees of images',
    jobs: ['verity'],
    atLeast: '2.6', // Debian 12; nothing older was tried
  },
  {
    program: 'openssl',
    packages: same('openssl'),
    why: 'sign hash trees of images',
    jobs: ['verity'],
    version: ['openssl', 'version'],
    atLeast: '3.0', // Debian 12 and Ubuntu 22.04; nothing older was tried
  },
  {
    program: 'xz',
    packages: { ...same('xz'), 'apt-get': 'xz-utils' },
    why: 'unpack .xz archives',
    jobs: ['xz archives', 'deb packages'],
  },
  {
    program: 'bzip2',
    packages: same('bzip2'),
    why: 'unpack .bz2 archives',
    jobs: ['bzip2 archives'],
    version: ['bzip2', '--help'], // --version goes on to compress its input
  },
  {
    program: 'zstd',
    packages: same('zstd'),
    why: 'unpack .zst archives',
    jobs: ['zstd archives', 'deb packages'],
  },
  {
    program: 'bsdtar',
    packages: { 'apt-get': 'libarchive-tools', dnf: 'bsdtar', apk: 'libarchive-tools', zypper: 'bsdtar' },
    why: 'unpack .rpm packages',
    jobs: ['rpm packages'],
  },
  {
    program: 'git',
    packages: same('git'),
    why: 'fetch sources and apply patches',
    jobs: ['git sources'],
    atLeast: '2.25', // what Ubuntu 20.04 has; nothing older was tried
  },
  {
    program: 'podman',
    packages: same('podman'),
    why: 'build in containers (docker does as well)',
    jobs: ['containers'],
    atLeast: '3.0', // cp to and from containers that do not run
  },
  {
    program: 'patchelf',
    packages: same('patchelf'),
    why: 'relocate programs with their libraries',
    jobs: ['relocation'],
    atLeast: '0.11', // --no-default-lib and --set-rpath in one go
  },
  {
    program: 'mmdebstrap',
    // Other systems than Debian do not have Debian's keys; without root it needs newuidmap.
    packages: { ...same('mmdebstrap'), 'apt-get': 'mmdebstrap debian-archive-keyring uidmap' },
    why: 'unpack Debian packages',
    jobs: ['apt roots', 'guests'],
    atLeast: '0.7.0', // --variant=extract with dependencies
  },
  {
    program: 'bwrap',
    packages: same('bubblewrap'),
    why: 'read images of strangers in a closed room, and try private roots without being root',
    jobs: ['private roots'],
  },
  {
    program: 'setpriv',
    packages: { ...same('util-linux'), apk: 'setpriv' },
    why: 'end what was started for a run with that run',
    jobs: ['apt roots', 'guests'],
    atLeast: '2.33', // --pdeathsig
  },
  {
    program: 'genext2fs',
    packages: same('genext2fs'),
    why: 'make the disk of a virtual machine',
    jobs: ['guests'],
  },
  {
    program: 'tune2fs',
    packages: e2fsprogs,
    why: 'turn on file types in the folders of a virtual machine’s disk',
    jobs: ['guests'],
    version: ['e2fsck', '-V'],
  },
  {
    program: 'resize2fs',
    packages: e2fsprogs,
    why: 'give a virtual machine room on its disk',
    jobs: ['guests'],
    version: ['e2fsck', '-V'],
  },
  {
    program: 'qemu-system-x86_64',
    packages: {
      'apt-get': 'qemu-system-x86',
      dnf: 'qemu-system-x86-core',
      apk: 'qemu-system-x86_64',
      zypper: 'qemu-x86',
    },
    why: 'boot x86-64 machines',
    jobs: [],
    atLeast: '7.0', // Debian 12 has 7.2; nothing older was tried
  },
  {
    program: 'qemu-system-aarch64',
    packages: {
      'apt-get': 'qemu-system-arm',
      dnf: 'qemu-system-aarch64-core',
      apk: 'qemu-system-aarch64',
      zypper: 'qemu-arm',
    },
    why: 'boot arm64 machines',
    jobs: [],
    atLeast: '7.0', // Debian 12 has 7.2; nothing older was tried
  },
  {
    program: 'sfdisk',
    packages: { ...same('util-linux'), 'apt-get': 'fdisk', apk: 'sfdisk' },
    why: 'read the partitions of a disk image',
    jobs: ['os images'],
  },
  {
    program: 'qemu-img',
    packages: { 'apt-get': 'qemu-utils', dnf: 'qemu-img', apk: 'qemu-img', zypper: 'qemu-img' },
    why: 'read and write qcow2 images',
    jobs: ['qcow2 images'],
  },
] as const satisfies readonly Tool[];

export type Program = (typeof tools)[number]['program'];

export function toolFor(program: Program): Tool {
  const found = tools.find((tool) => tool.program === program);
  if (found === undefined) throw new Error(`${program} is not in the table of tools`);
  return found;
}

export function toolsFor(...jobs: readonly Job[]): Program[] {
  return tools
    .filter((tool: Tool) => tool.jobs.some((job) => jobs.includes(job)))
    .map((tool) => tool.program);
}

function same(name: string): Record<Manager, string> {
  return { 'apt-get': name, dnf: name, apk: name, zypper: name };
}
