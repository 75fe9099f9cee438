import type { Explained } from './explained.ts';

/** The machine, its programs and disks. */
export const machineCodes = {
  'program.missing': {
    means: 'A program that is needed is not installed.',
    remedy: 'Install it; `bakery doctor` shows all that are missing.',
  },
  'program.too-old': { means: 'A program is too old.', remedy: 'Install a newer version.' },
  'program.not-started': {
    means: 'A program is there and cannot be started.',
    remedy: 'Check that it is executable and made for this machine.',
  },
  'program.failed': {
    means: 'A program failed, took too long or printed too much.',
    remedy: 'Read the end of its output in the message.',
  },
  'system.file': {
    means: 'The disk or its permissions do not allow what must be done to a file.',
    remedy: 'Free space, change permissions, or choose another folder.',
  },
  'system.space': {
    means: 'There is too little room to unpack an image.',
    remedy: 'Set TMPDIR to a folder with more room.',
  },
  'system.changed': {
    means: 'A file changed while it was read.',
    remedy: 'Run again once nothing writes to it.',
  },
  'system.locked': {
    means: 'Another run holds the lock.',
    remedy: 'Wait for it to finish, or end it.',
  },
  'system.port': { means: 'A port cannot be listened on.', remedy: 'Choose another one with `--port`.' },
  'guest.failed': {
    means: 'A virtual machine could not be made, or ended before its command did.',
    remedy: 'Read the end of its console in the message; more `--memory` may help.',
  },
  'os-image.table': {
    means: 'A file is not the image of a whole disk.',
    remedy: 'Unpack it, or name the disk image itself.',
  },
  'os-image.partition': {
    means: 'A disk has no partition, or more than one, for what goes there.',
    remedy: 'Take an image of Flatcar, or one whose root partition has the type for `/`.',
  },
  'os-image.write': {
    means: 'Extensions could not be put into a partition.',
    remedy: 'Read the reason; nothing of the new image is left, and the old one is as it was.',
  },
  'trial.no-host': {
    means: 'This machine cannot mount an image over its /usr in private.',
    remedy:
      'Be root, have sudo that asks no password, or user namespaces; run containers with `--privileged`.',
  },
  'trial.failed': {
    means: 'On a host, an image does not do what it or its recipe promises.',
    remedy: 'Read what the check says; `bakery test` shows all of them.',
  },
  bug: { means: 'The bakery made a mistake.', remedy: 'Please report it, with the whole message.' },
} satisfies Readonly<Record<string, Explained>>;
