/** What the guest finds on its second disk beside the images; the texts are the same for everybody. */
export interface GuestFile {
  readonly path: string;
  readonly text: string;
}

/** Where the guest mounts that disk. */
const mounted = '/run/bakery';

/**
 * Handed to systemd on the kernel's command line. It runs before anything that reads units, users or temporary files of
 * an extension, and so before udev: the disk is there, since the initrd saw it.
 */
export const setupUnit = `[Unit]
DefaultDependencies=no
After=systemd-remount-fs.service
Before=systemd-sysusers.service systemd-tmpfiles-setup.service sysinit.target
FailureAction=poweroff-force
[Service]
Type=oneshot
RemainAfterExit=yes
StandardOutput=journal+console
ExecStart=/bin/mkdir -p ${mounted}
ExecStart=/bin/mount -o ro /dev/vdb ${mounted}
ExecStart=/bin/sh ${mounted}/setup
`;

const merge = `set -eu
mkdir -p /run/extensions /run/systemd/system
for image in ${mounted}/extensions/*.raw; do ln -s "$image" /run/extensions/; done
systemd-sysext refresh
cp -R ${mounted}/units/. /run/systemd/system/
`;

/** A unit that a guest gets from outside. */
export interface GuestUnit {
  readonly name: string;
  /** Absent for one that the system has, and which gets the drop-in. */
  readonly contents?: string;
  readonly dropIn?: string;
}

/** A person gets a shell of a plain user on the serial line; leaving it ends the machine. */
export function shellFiles(console: string, authorizedKey?: string): GuestFile[] {
  return [
    {
      path: 'setup',
      text: `${merge}${addUser}{ echo; systemd-sysext status; echo; echo 'sudo works without a password; exit ends this machine.'; echo; } > /etc/motd
systemctl daemon-reload
${authorizedKey === undefined ? '' : letIn}`,
    },
    unitFile(shellUnit(console, debianUser)),
    ...keyFiles(authorizedKey),
  ];
}

/** Who gets the shell there, and may log in. */
export const debianUser = 'bakery';

/** At a restart the user is there already, and so is the key of ssh. */
const addUser = `id ${debianUser} > /dev/null 2>&1 || useradd --create-home --shell /bin/bash ${debianUser}
echo '${debianUser} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/bakery
`;

const keys = 'authorized_keys';
const hostKey = '/etc/ssh/ssh_host_ed25519_key';

/** The machine makes itself a key for this boot. */
const letIn = `install -d -o ${debianUser} -g ${debianUser} -m 0700 /home/${debianUser}/.ssh
install -o ${debianUser} -g ${debianUser} -m 0600 ${mounted}/${keys} /home/${debianUser}/.ssh/${keys}
[ -e ${hostKey} ] || ssh-keygen -q -t ed25519 -N '' -f ${hostKey}
systemctl --no-block start ssh.service
`;

function keyFiles(authorizedKey: string | undefined): GuestFile[] {
  return authorizedKey === undefined ? [] : [{ path: keys, text: `${authorizedKey}\n` }];
}

/** Gives the serial line to `user`; leaving the shell ends the machine. */
export function shellUnit(console: string, user: string): GuestUnit {
  const dropIn = `[Service]
ExecStart=
ExecStart=-/sbin/agetty --autologin ${user} --noissue --keep-baud 115200 - $TERM
Restart=no
ExecStopPost=+/bin/systemctl --no-block poweroff
`;
  return { name: `serial-getty@${console}.service`, dropIn };
}

function unitFile({ name, contents, dropIn = '' }: GuestUnit): GuestFile {
  if (contents !== undefined) return { path: `units/${name}`, text: contents };
  return { path: `units/${name}.d/bakery.conf`, text: dropIn };
}

/** Names of the virtio ports over which the host gets what the command prints, and how it ended. */
export const outputPort = 'bakery.output';
export const resultPort = 'bakery.result';

/** One command once everything is up, as root; then the machine ends. */
export function commandFiles(command: string, authorizedKey?: string): GuestFile[] {
  return [
    {
      path: 'setup',
      text: `${merge}systemctl daemon-reload
${authorizedKey === undefined ? '' : `${addUser}${letIn}`}systemctl --no-block start bakery-command.service
`,
    },
    { path: 'command', text: `${command}\n` },
    unitFile(commandUnit(`${mounted}/command`)),
    ...keyFiles(authorizedKey),
  ];
}

/** Runs the file at `path` last of all. */
function commandUnit(path: string, unit = '', install = ''): GuestUnit {
  const contents = `[Unit]
${unit}After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
WorkingDirectory=/root
ExecStart=/bin/bash --login ${path}
StandardOutput=file:/dev/virtio-ports/${outputPort}
StandardError=inherit
ExecStopPost=/bin/sh -c 'echo "$EXIT_CODE $EXIT_STATUS" > /dev/virtio-ports/${resultPort}'
${install}`;
  return { name: 'bakery-command.service', contents };
}

/** The same for who enables units. Without the first line the target would wait for the unit, and that for the target. */
export function wantedCommandUnit(path: string): GuestUnit {
  return commandUnit(path, 'DefaultDependencies=no\n', '[Install]\nWantedBy=multi-user.target\n');
}

/** The exit code that the guest told: a number, or for the name of a signal 128. */
export function exitCodeOf(result: string): number | undefined {
  const [, how, status = ''] = /^(exited|killed|dumped) (\S+)\n/.exec(result) ?? [];
  if (how === undefined) return undefined;
  return how === 'exited' && /^\d{1,3}$/.test(status) ? Number(status) : 128;
}
