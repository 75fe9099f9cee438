export { boot } from '../guest/boot.ts';
export { debianGuest, type Suite, suites } from '../guest/debian-guest.ts';
export { machines } from '../guest/machine.ts';
export type { Forward } from '../guest/qemu-args.ts';
