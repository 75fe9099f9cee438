import { expect, it } from '@jest/globals';
import { hintOfEngine } from './engine-trouble.ts';

it.each([
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'podman',
  ],
  ['failed to connect to the docker API at unix:///var/run/docker.sock', 'podman'],
  ['{"msg":"exec container process `/bin/sh`: Exec format error"}', 'qemu-user-static'],
  [
    'Error: command required for rootless mode with multiple IDs: exec: "newuidmap": executable file not found in $PATH',
    'uidmap',
  ],
  [
    'Error: cannot find mappings for user "ci": no subuid ranges found for user "ci" in /etc/subuid',
    '--add-subuids',
  ],
  ['potentially insufficient UIDs or GIDs available in user namespace', '--add-subgids'],
  ['manifest unknown', undefined],
])('%j', (said, hint) => {
  const told = hintOfEngine(said);
  if (hint === undefined) expect(told).toBeUndefined();
  else expect(told).toContain(hint);
});
