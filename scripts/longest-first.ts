import Sequencer from '@jest/test-sequencer';
import type { Test } from 'jest-runner';

/** Suites that take minutes, longest first. Started last, one of them alone would keep a machine waiting. */
const long = [
  'packages/cli/e2e/recipes/recipes.test.ts',
  'packages/core/src/steps/compiled.test.ts',
  'packages/actions/e2e/release.test.ts',
  'packages/cli/e2e/kill.test.ts',
  'packages/actions/e2e/nights.test.ts',
  'packages/actions/e2e/real-recipes.test.ts',
  'packages/cli/e2e/host-life.test.ts',
  'packages/cli/e2e/verity-vm.test.ts',
  'packages/core/src/release/killed-verbs.test.ts',
  'packages/cli/e2e/rebuild-roots.test.ts',
  'packages/cli/e2e/boot.test.ts',
  'packages/cli/e2e/test-vm.test.ts',
  'packages/core/src/versions/sources/hostile-upstream.test.ts',
  'packages/core/src/store/github/killed-runs.test.ts',
  'packages/actions/e2e/from-sources.test.ts',
  'packages/core/src/steps/emulated.test.ts',
  'packages/cli/e2e/riscv64.test.ts',
  'packages/cli/e2e/compare.test.ts',
];

type Test = Parameters<Sequencer['sort']>[0][number];

/** Starts what takes longest first; of the others Jest knows the order itself. */
export default class LongestFirst extends Sequencer {
  override async sort(tests: Test[]): Promise<Test[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it sorts no array in place: it is Jest’s own order
    const usual = await super.sort(tests);
    return [...long.flatMap((suite) => usual.filter((test) => isOf(test, suite))), ...usual.filter(isShort)];
  }
}

function isOf({ path }: Test, suite: string): boolean {
  return path.endsWith(`/${suite}`);
}

function isShort(test: Test): boolean {
  return !long.some((suite) => isOf(test, suite));
}
