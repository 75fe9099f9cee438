import { archRecord } from './arch-record.ts';

/** GitHub has no such runners: images are put together on another machine, and build steps are emulated. */
export const riscv64 = archRecord({
  name: 'riscv64',
  go: 'riscv64',
  gnu: 'riscv64',
  debian: 'riscv64',
  elf: 243,
  loader: '/lib/ld-linux-riscv64-lp64d.so.1',
  runner: 'ubuntu-24.04',
});
