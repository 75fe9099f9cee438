import type { Explained } from './explained.ts';

/** The machine, its programs and disks. */
export const machineCodes = {
  'program.missing': {
    means: 'A required program is not installed.',
    remedy: 'Install it; `bakery doctor` shows all that are missing.',
  },
  'program.too-old': { means: 'A program is too old.', remedy: 'Install a newer version.' },
  'program.not-started': {
    means: 'A program exists but cannot be started.',
    remedy: 'Check that it is executable and made for this machine.',
  },
  'program.failed': {
    means: 'A program failed, took too long or printed too much.',
    remedy: 'Read the end of its output in the message.',
  },
  'system.file': {
    means: 'The disk, or permissions, do not allow a file to be read or written.',
    remedy: 'Free space, change permissions, or choose another folder.',
  },
  'system.space': {
    means: 'There is too little room to unpack an image.',
    remedy: 'Set TMPDIR to a folder with more room.',
  },
  'system.changed': {
    means: 'A file changed while it was being read.',
    remedy: 'Run again when nothing is writing to it.',
  },
  'system.locked': {
    means: 'Another run holds the lock.',
    remedy: 'Wait for it to finish, or end it.',
  },
  'system.port': { means: 'Cannot listen on a port.', remedy: 'Choose another one with `--port`.' },
  'guest.failed': {
    means: 'A virtual machine could not be created, or stopped before its command finished.',
    remedy: 'Read the end of its console in the message; more `--memory` may help.',
  },
  'os-image.table': {
    means: 'A file is not the image of a whole disk.',
    remedy: 'Unpack it, or name the disk image itself.',
  },
  'os-image.partition': {
    means: 'A disk has no suitable partition, or more than one.',
    remedy: 'Take an image of Flatcar, or one whose root partition has the type for `/`.',
  },
  'os-image.write': {
    means: 'Extensions could not be put into a partition.',
    remedy: 'Read the reason; nothing of the new image is left, and the old one is as it was.',
  },
  'trial.no-host': {
    means: 'This machine cannot mount an image over its /usr in private.',
    remedy: 'Be root, or have passwordless sudo or user namespaces; run containers with `--privileged`.',
  },
  'trial.failed': {
    means: 'On a host, an image does not do what it or its recipe promises.',
    remedy: 'Read what the check says; `bakery test` shows all of them.',
  },
  bug: { means: 'A bug in the bakery.', remedy: 'Please report it, including the whole message.' },
} satisfies Readonly<Record<string, Explained>>;
