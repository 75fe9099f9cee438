/** What a host that changes from the images of flatcar/sysext-bakery may still name, and what is there now. */
export interface Moved {
  readonly extension: string;
  /** Text as it stands in a configuration; what goes on with a letter, digit, "_" or "-" is another name. */
  readonly old: string;
  readonly message: string;
}

export const moved: readonly Moved[] = [
  ...programs('cilium', 'cilium'),
  ...programs('falco', 'falco', 'falcoctl'),
  ...programs('k3s', 'k3s', 'kubectl', 'ctr', 'crictl'),
  ...programs('ollama', 'ollama'),
  {
    extension: 'opkssh',
    old: '/usr/local/bin/opkssh',
    message: 'is /usr/bin/opkssh: logins that sshd asks it about fail from the first refresh on',
  },
  ...programs('rke2', 'rke2', 'rke2-killall.sh'),
  renamed('docker-buildx', '/usr/local/lib/docker/cli-plugins', '/usr/libexec/docker/cli-plugins'),
  renamed('kubernetes', '/usr/local/bin/cni', '/usr/libexec/cni'),
  renamed('kubernetes', '/usr/local/share/kubernetes-version', '/usr/share/kubernetes/version'),
  renamed('kubernetes', '/usr/local/share/kubernetes-cni-version', '/usr/share/kubernetes/cni-version'),
  renamed('nvidia-runtime', '/usr/local/nvidia', '/opt/nvidia'),
  renamed('any', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'),
  renamed('chrony', '/usr/sbin/chronyd', '/usr/bin/chronyd'),
  renamed('keepalived', '/usr/sbin/keepalived', '/usr/bin/keepalived'),
  {
    extension: 'kata-containers',
    old: '/opt/kata',
    message:
      'is a link to /usr/lib/kata-containers that a boot makes; on a running host run "systemd-tmpfiles --create" after the refresh',
  },
  {
    extension: 'nomad',
    old: '/opt/nomad/data',
    message:
      'stays where /etc/nomad.d/nomad.hcl names it; a host without that file gets /var/lib/nomad and 127.0.0.1',
  },
  {
    extension: 'ollama',
    old: 'ollama.service',
    message:
      'runs as a user of its own and not as root: give it what it reads and writes outside /var/lib/ollama',
  },
  {
    extension: 'wasmcloud',
    old: 'wasmcloud.service',
    message:
      'runs as a user of its own and not as root: give it what it reads and writes outside /var/lib/wasmcloud',
  },
  {
    extension: 'wasmcloud',
    old: 'nats.service',
    message:
      'runs as a user of its own, with data in /var/lib/nats, and answers 127.0.0.1 only unless NATS_CONFIG says otherwise',
  },
  {
    extension: 'any',
    old: 'extensions.flatcar.org',
    message: 'is the other bakery: write the host of your hub',
  },
];

function programs(extension: string, ...names: readonly string[]): Moved[] {
  return names.map((name) => renamed(extension, `/usr/local/bin/${name}`, `/usr/bin/${name}`));
}

function renamed(extension: string, old: string, now: string): Moved {
  return { extension, old, message: `is ${now}` };
}
