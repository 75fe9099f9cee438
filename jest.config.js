import { availableParallelism } from 'node:os';

// eslint-disable-next-line import/no-default-export -- how jest wants it
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  transform: {},
  testSequencer: '<rootDir>/scripts/longest-first.ts',
  restoreMocks: true,
  testTimeout: 1_800_000,
  // Half as many more as there are cores: many suites wait, for a server that is slow or a machine that starts.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
