import { archRecord } from './arch-record.ts';

export const x8664 = archRecord({
  name: 'x86-64',
  go: 'amd64',
  gnu: 'x86_64',
  debian: 'amd64',
  elf: 62,
  loader: '/lib64/ld-linux-x86-64.so.2',
  runner: 'ubuntu-24.04',
  runnerArch: 'X64',
});
