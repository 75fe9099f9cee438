import { expect, it } from '@jest/globals';
import { targets } from './targets.ts';

const seed = 20_261_123; // the same inputs on every machine; `pnpm fuzz` makes up others

it.each(targets.map((target) => [target.name, target] as const))(
  '%s: any input comes to a value or to a UserError, and nothing is written elsewhere',
  async (_name, { run, budget }) => {
    const { runs, refused } = await run({ seed, runs: budget });
    expect(runs).toBeGreaterThanOrEqual(budget);
    expect(refused).toBeLessThanOrEqual(runs);
  },
);
