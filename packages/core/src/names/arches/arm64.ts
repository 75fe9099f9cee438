import { archRecord } from './arch-record.ts';

export const arm64 = archRecord({
  name: 'arm64',
  go: 'arm64',
  gnu: 'aarch64',
  debian: 'arm64',
  elf: 183,
  loader: '/lib/ld-linux-aarch64.so.1',
  runner: 'ubuntu-24.04-arm',
  runnerArch: 'ARM64',
});
