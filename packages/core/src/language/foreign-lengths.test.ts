import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const packages = join(import.meta.dirname, '../../..');

// Each item becomes an argument, and a hundred thousand of them overflow the stack.
const spreads =
  /(?:\.(?:push|unshift)|Math\.(?:max|min)|fromC(?:har|odePoint)\w*)\((?:[^(){}[\]]*,)?\s*\.\.\.|\.apply\(/;

it('hands lists of any length to no function as its arguments', async () => {
  const found: string[] = [];
  for (const name of ['actions', 'cli', 'core', 'docs', 'install', 'redirect', 'site']) {
    for await (const file of glob(`${name}/src/**/*.ts`, { cwd: packages })) {
      if (!file.endsWith('.test.ts') && spreads.test(await readFile(join(packages, file), 'utf8'))) {
        found.push(file);
      }
    }
  }
  expect(found).toEqual([]);
});
