// "npm run test:unit": the suites of pure logic, and how much of the core they reach.
import base from './jest.config.js';
import { unitSuites } from './packages/testbed/src/unit/unit-suites.ts';

// eslint-disable-next-line import/no-default-export -- how jest wants it
export default {
  ...base,
  maxWorkers: '100%', // none of these waits for anything
  testMatch: unitSuites(import.meta.dirname),
  setupFilesAfterEnv: ['<rootDir>/packages/testbed/src/unit/no-world.ts'],
  collectCoverage: true,
  // V8 counts over the whole process anew for each suite, which took three times as long as the tests.
  coverageProvider: 'babel',
  collectCoverageFrom: ['packages/core/src/**/*.ts', '!**/*.test.ts'],
  coverageReporters: ['text-summary'],
  coverageThreshold: { global: { lines: 32, functions: 34, branches: 29 } },
};
