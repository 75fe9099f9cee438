import { defineConfig } from 'oxlint';

/** Folders of the core, lowest first: each may import those before it. docs/architecture.md shows them. */
const folders = [
  'diagnostics',
  'language',
  'names',
  'systemd',
  'lifetime',
  'ports',
  'tools',
  'fetch',
  'github',
  'versions',
  'image',
  'stage',
  'steps',
  'recipe',
  'sysupdate',
  'store',
  'signing',
  'hub',
  'provenance',
  'catalogue',
  'compare',
  'guest',
  'os-image',
  'trial',
  'release',
  'mirror',
  'conformance',
  'serve',
  'import',
  'bakery',
  'doors',
];

/** Folders of core/src/release, lowest first; the files beside them may import them all. */
const releaseFolders = ['history', 'check', 'create', 'publish', 'metadata', 'budget', 'rebuild'];

/** Packages of the product, lowest first; the other packages are for tests, measurements and publishing. */
const packages = ['core', 'redirect', 'install', 'docs', 'site', 'actions', 'cli'];

const tests = ['**/*.test.ts', '**/testing/**', '**/e2e/**', '**/bench/**'];
const testCode = {
  group: [
    '@bakery/testbed/*',
    '@bakery/testbed/**',
    '**/testing/**',
    '**/e2e/**',
    '**/bench/**',
    '**/*.test.ts',
  ],
  message: 'The product imports no code of tests.',
};
const behindDoors = {
  group: ['@bakery/core/src/**'],
  message: 'The product enters the core by its doors, packages/core/src/doors/.',
};

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'promise', 'node', 'jest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/strict-boolean-expressions': 'off',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'eslint/max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
    'eslint/no-await-in-loop': 'off',
    'eslint/no-console': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/no-underscore-dangle': 'off',
    'jest/no-restricted-jest-methods': [
      'error',
      { setTimeout: 'testTimeout of jest.config.js is long enough for a busy machine, and for every test' },
    ],
    'jest/no-focused-tests': 'error',
    'jest/no-disabled-tests': 'error',
    'jest/no-conditional-expect': 'off',
    'jest/expect-expect': 'off',
    'jest/no-standalone-expect': 'off',
  },
  overrides: [
    ...folders.map((folder, index) => ({
      files: [`packages/core/src/${folder}/**/*.ts`],
      excludeFiles: tests,
      rules: restricted([above(folder, folders.slice(index + 1)), ...otherPackages('core'), testCode]),
    })),
    ...releaseFolders.map((folder, index) => ({
      files: [`packages/core/src/release/${folder}/*.ts`],
      excludeFiles: tests,
      rules: restricted([
        above('release', folders.slice(folders.indexOf('release') + 1)),
        above(`release/${folder}`, releaseFolders.slice(index + 1)),
        { group: ['../*.ts'], message: 'What chains the verbs stands above them.' },
        ...otherPackages('core'),
        testCode,
      ]),
    })),
    ...packages.slice(1).map((name) => ({
      files: [`packages/${name}/src/**/*.ts`],
      excludeFiles: tests,
      rules: restricted([...otherPackages(name), testCode, behindDoors]),
    })),
    {
      files: ['oxlint.config.ts', 'scripts/longest-first.ts', 'packages/bundle/src/*.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
  ignorePatterns: ['**/dist/**'],
});

interface Pattern {
  readonly group: string[];
  readonly message: string;
}

function above(folder: string, higher: readonly string[]): Pattern {
  return {
    group: higher.flatMap((one) => [`../${one}/**`, `../../${one}/**`, `../../../${one}/**`]),
    message: `core/src/${folder} may import only folders that stand before it in oxlint.config.ts.`,
  };
}

function otherPackages(name: string): Pattern[] {
  const higher = packages.slice(packages.indexOf(name) + 1);
  if (higher.length === 0) return [];
  return [
    {
      group: higher.map((one) => `@bakery/${one}/**`),
      message: `packages/${name} may import only packages that stand before it in oxlint.config.ts.`,
    },
  ];
}

function restricted(patterns: readonly Pattern[]) {
  return {
    'eslint/no-restricted-imports': ['error', { patterns: patterns.filter(({ group }) => group.length > 0) }],
  };
}
