import type { Arch } from '@bakery/core/src/names/arch.ts';
import { imageTar, type TestImage } from '../containers/image.ts';
import { emulate } from '../containers/podman.ts';
import type { DebianHost } from './debian-host.ts';
import { enter, startNamespace } from './namespace.ts';

/** A Debian of another architecture in a folder of a host. Its programs are run by qemu. */
export interface EmulatedRoot extends Pick<DebianHost, 'run'> {
  /** Where it is in the host, whose systemd merges into it with `systemd-sysext --root=FOLDER`. */
  readonly folder: string;
}

/** What the wrappers of flatwrap call, and libraries that programs of npm packages expect. */
const image: TestImage = {
  name: 'emulated',
  packages: ['base-files', 'coreutils', 'dash', 'libatomic1', 'libstdc++6', 'mount', 'util-linux'],
  finish: [],
};

/** Unpacks the root into a host; it goes with it. */
export async function emulatedRoot(host: DebianHost, arch: Arch): Promise<EmulatedRoot> {
  await using namespace = await startNamespace();
  await emulate(enter(namespace), arch);
  const folder = `/${arch}`;
  await host.place(await imageTar(image, arch), `${folder}.tar`);
  for (const [program, ...args] of setUp(folder)) {
    const { code, stderr } = await host.run(program, args);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: in the host: ${stderr}`);
  }
  return {
    folder,
    run: (program, args, options) => host.run('chroot', [folder, program, ...args], options),
  };
}

function setUp(folder: string): [string, ...string[]][] {
  return [
    // Linux 6.7 and newer forget the table of emulated architectures with its last mount.
    ['mount', '-t', 'binfmt_misc', 'binfmt_misc', '/proc/sys/fs/binfmt_misc'],
    ['mkdir', folder],
    ['tar', '--extract', `--file=${folder}.tar`, `--directory=${folder}`],
    // unshare wants the root of its programs to be a mount. Merges come out through a shared one, but not
    // into the folder below it.
    ['mount', '--bind', folder, folder],
    ['mount', '--make-private', folder],
    ['mount', '--make-shared', folder],
    ['mount', '-t', 'proc', 'proc', `${folder}/proc`],
    ['mount', '--rbind', '/dev', `${folder}/dev`],
  ];
}
