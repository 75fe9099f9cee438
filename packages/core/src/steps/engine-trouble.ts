/** What podman and Docker say when the machine is not set up for them, and what helps. */
const troubles: readonly { readonly says: RegExp; readonly hint: string }[] = [
  {
    says: /connect to the docker (daemon|api)/i,
    hint: 'start it, or apt-get install podman',
  },
  {
    says: /exec format error/i,
    hint: 'programs of another architecture need emulation: apt-get install qemu-user-static binfmt-support',
  },
  {
    says: /newuidmap.*(not found|no such file)/i,
    hint: 'podman without root needs newuidmap: apt-get install uidmap',
  },
  {
    // https://github.com/containers/podman/blob/main/docs/tutorials/rootless_tutorial.md
    says: /no subuid ranges found|no subgid ranges found|insufficient UIDs or GIDs/i,
    hint: 'podman without root needs ids of its own: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER, then podman system migrate',
  },
];

/** What helps against what an engine, or a program in its container, said; `undefined` where nobody knows. */
export function hintOfEngine(said: string): string | undefined {
  return troubles.find(({ says }) => says.test(said))?.hint;
}
