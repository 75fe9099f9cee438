import type { RunOptions } from './host.ts';

/** How this machine lets us make mounts that nobody else sees. */
export interface Entrance {
  /** Put before the command. */
  readonly command: readonly string[];
  /** Other users than root exist in there. */
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
 * Lays the images over the host's folders and hides what may hold secrets. `$2` is the root of the host, empty for this
 * machine, and then `host` in the folder `$1` leads there; `$3` and `$4` are the trees for /usr and /opt, the topmost first,
 * as mount(8) wants them.
 */
const merge = `set -eu
cd "$1"; root=$2; usr=$3; opt=$4; shift 4
if [ -n "$root" ]; then mount --bind "$root" "$root"; mount --rbind /dev "$root/dev"; fi
if [ -n "$usr" ]; then mount -t overlay overlay -o "ro,lowerdir=$usr:\${root:+host}/usr" "$root/usr"; fi
if [ -n "$opt" ]; then mount -t overlay overlay -o "ro,lowerdir=$opt:\${root:+host}/opt" "$root/opt"; fi
mount -t proc proc "$root/proc" 2>/dev/null || :
cd /
for folder in /home /root /run /var/tmp /tmp; do
  if [ -d "$root$folder" ]; then mount -t tmpfs -o mode=1777 tmpfs "$root$folder"; fi
done
if [ -n "$root" ]; then mount -o remount,bind,ro "$root"; fi
`;
// Without "exec", so that timeout(1) is not the first process of the namespace: that of Debian sid then ends with 125 at
// once and without a word.
const enterHost = 'env -i "$@" || exit $?';
const enterRoot = 'chroot "$root" /usr/bin/env -i "$@" || exit $?';

const nobody = '65534';
const noRights = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
const environment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/usr/lib/systemd',
  'HOME=/tmp',
  'LC_ALL=C.UTF-8',
  'TZ=UTC',
  'SYSTEMD_COLORS=0',
  'SYSTEMD_LOG_TARGET=console', // systemd-analyze tells its complaints the journal otherwise
];

/** What is merged: folders relative to `stage`, the topmost first. */
export interface Merging {
  readonly stage: string;
  /** Empty for this machine. */
  readonly root: string;
  readonly usr: readonly string[];
  readonly opt: readonly string[];
}

/** The command line that runs `command` on a host with trees merged; whatever it starts ends with it. */
export function mergedCommand(
  { command: enter, hasUsers }: Entrance,
  { stage, root, usr, opt }: Merging,
  command: readonly string[],
  { asRoot = false, seconds = defaultSeconds }: RunOptions,
): string[] {
  const user = hasUsers ? [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
  return [
    ...enter,
    'sh',
    '-c',
    merge + (root === '' ? enterHost : enterRoot),
    'merge',
    stage,
    root,
    usr.join(':'),
    opt.join(':'),
    ...environment,
    'timeout',
    '--kill-after=1',
    String(seconds),
    ...(asRoot ? [] : ['setpriv', ...user, ...noRights]),
    ...command,
  ];
}

export const defaultSeconds = 60;

/** Programs that do this on the host, as root: an image that has its own is not run. */
export const ownPrograms: readonly string[] = ['sh', 'mount', 'env', 'chroot', 'timeout', 'setpriv'];
