export { boot, type DiskBoot, type KernelBoot } from '../guest/boot.ts';
export { copyButaneFiles } from '../guest/butane-files.ts';
export { debianGuest, type Suite, suites } from '../guest/debian-guest.ts';
export { flatcarGuest } from '../guest/flatcar-guest.ts';
export { type Channel, channelOf, channels, type FlatcarChoice } from '../guest/flatcar-release.ts';
export type { DiskGuest, Firmware } from '../guest/guest.ts';
export { debianUser, type GuestUnit, shellUnit, wantedCommandUnit } from '../guest/guest-files.ts';
export { type GuestArch, guestArches, machines } from '../guest/machine.ts';
export type { Forward } from '../guest/qemu-args.ts';
