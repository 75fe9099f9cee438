import { join } from 'node:path';
import type { RunOptions } from './host.ts';

/** How this machine lets us make mounts that nobody else sees. */
export interface Entrance {
  /** Put before the command. */
  readonly command: readonly string[];
  /** There are users to be, root among them, none of whom is anybody on this machine. */
  readonly hasUsers: boolean;
}

const own = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--net', '--ipc'];

/** The ways in, best first. */
export const entrances = {
  root: { command: ['unshare', ...own], hasUsers: true },
  user: { command: ['unshare', '--user', '--map-root-user', ...own], hasUsers: false },
  sudo: { command: ['sudo', '-n', 'unshare', ...own], hasUsers: true },
} as const satisfies Readonly<Record<string, Entrance>>;

/**
 * Makes the users: a namespace whose root is a number that this machine gives to nobody (systemd’s "UIDs and GIDs": above
 * those of containers). What holds it open is this machine’s root in there and ends before anything else gets in, which
 * could take it over.
 */
const makeUsers = `holder=$(unshare --user sh -c 'echo $$; exec sleep 1000000 > /dev/null 2>&1' < /dev/null &)
for map in uid_map gid_map; do echo '0 1879048192 65536' > "/proc/$holder/$map"; done
: > users; mount --bind "/proc/$holder/ns/user" users
kill -9 "$holder"; while [ -e "/proc/$holder/exe" ]; do sleep 0.01; done
`;

/**
 * Builds a root beside that of the machine: nothing but the host's system and what is merged into it, so what does the
 * building is never covered by an image. `$2` is the root of the host, empty for this machine, and then `host` in the
 * folder `$1` leads there; `$3` and `$4` are the trees for /usr and /opt, the topmost first, as mount(8) wants them. Folders
 * of the host come in as overlays with nothing to write to, so that nobody writes there, whoever may outside.
 */
const buildRoot = `lay() { mount -t overlay overlay -o "ro,lowerdir=$1" "new/$2"; }
mkdir nothing new; mount -t tmpfs -o mode=755,size=1g tmpfs new
for folder in dev dev/shm etc home opt proc root run sys tmp usr var var/tmp; do mkdir "new/$folder"; done
for folder in dev/shm home root run tmp var/tmp; do chmod 1777 "new/$folder"; done
for folder in bin lib lib32 lib64 libx32 sbin; do
  if [ -h "$root/$folder" ]; then cp -P "$root/$folder" new/
  elif [ -d "$root/$folder" ]; then mkdir "new/$folder"; lay "nothing:\${root:+host}/$folder" "$folder"; fi
done
for folder in usr opt; do
  trees=$usr; [ $folder = usr ] || trees=$opt
  if [ ! -d "$root/$folder" ]; then mkdir -p none/$folder; below=none/$folder; else below=\${root:+host}/$folder; fi
  lay "\${trees:-nothing}:$below" $folder
done
lay "nothing:\${root:+host}/etc" etc
mount --rbind /sys new/sys
mount -t proc proc new/proc
for device in null zero full random urandom; do
  : > "new/dev/$device"; mount --bind "/dev/$device" "new/dev/$device"
done
for link in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do ln -s "/proc/self/\${link#*:}" "new/dev/\${link%:*}"; done
cd new
`;

// So that there is no root of the machine below this one to come back to: users with a root of their own may chroot(2). With
// -n mount(8) does not note it in the machine’s /run/mount.
const coverMachine = 'mount -n --move . /\n';

// Without "exec", so that timeout(1) is not the first process of the namespace: that of Debian sid then ends with 125 at
// once and without a word.
const enter = 'env -i "$@" || exit $?';

const nobody = '65534';
const environment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/usr/lib/systemd',
  'HOME=/tmp',
  'LC_ALL=C.UTF-8',
  'TZ=UTC',
  'SYSTEMD_COLORS=0',
  'SYSTEMD_LOG_TARGET=console', // systemd-analyze tells its complaints the journal otherwise
];

/** Bytes of memory, far above what programs need to say their version; processes and threads. */
const limits = ['prlimit', '--core=0', `--data=${8 * 2 ** 30}`, '--nproc=4096', '--'];

const noRights = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--'];

/** What is merged: folders relative to `stage`, the topmost first. */
export interface Merging {
  /** Absolute. */
  readonly stage: string;
  /** Empty for this machine. */
  readonly root: string;
  readonly usr: readonly string[];
  readonly opt: readonly string[];
}

/**
 * The command line that runs `command` on a host with trees merged; whatever it starts ends with it. Every program that
 * has rights over this machine is the machine’s own: they are gone before the merged root is entered.
 */
export function mergedCommand(
  { command: way, hasUsers }: Entrance,
  { stage, root, usr, opt }: Merging,
  command: readonly string[],
  { asRoot = false, seconds = mergedSeconds }: RunOptions,
): string[] {
  const steps = [makeUsers, buildRoot, coverMachine].filter((step) => hasUsers || step === buildRoot);
  const begin = 'set -eu\ncd "$1"; root=$2; usr=$3; opt=$4; shift 4\nmount -t proc proc /proc\n';
  const user = asRoot ? ['--mount', '--propagation=unchanged'] : [`--setgid=${nobody}`, `--setuid=${nobody}`];
  const leave = hasUsers
    ? ['nsenter', `--user=${join(stage, 'users')}`, 'unshare', ...user]
    : ['unshare', '--user']; // without a map, whoever it is has no rights and no name
  return [
    ...way,
    'sh',
    '-c',
    [begin, ...steps, enter].join(''),
    'merge',
    stage,
    root,
    usr.join(':'),
    opt.join(':'),
    ...environment,
    'timeout',
    '--kill-after=1',
    String(seconds),
    ...limits,
    ...noRights,
    ...leave,
    '--root=.',
    '--',
    ...command,
  ];
}

export const mergedSeconds = 60;
