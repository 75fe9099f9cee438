import { expect, it } from '@jest/globals';
import type { Finished } from '../../ports/exec.ts';
import { judgeRun } from './smoke.ts';

it('takes what matches, and shows what does not', () => {
  const ended = printed('alpha 1.2\n');
  expect(judgeRun(['alpha'], { matches: '^alpha 1' }, ended)).toMatchObject({ result: 'passed' });
  expect(judgeRun(['alpha'], { matches: '^beta' }, ended)).toMatchObject({
    result: 'failed',
    said: ['expected it to print what matches /^beta/, got', expect.stringContaining('alpha 1.2')],
  });
});

it('says when a regex of the recipe takes too long, which does not mean that nothing matches', () => {
  const ended = printed(`${'a'.repeat(60)}b\n`);
  const { result, said } = judgeRun(['alpha'], { matches: '^(a+)+$' }, ended, 0.05);
  expect(result).toBe('failed');
  expect(said[0]).toContain('expected to know within 0.05 s whether what it prints matches /^(a+)+$/');
});

function printed(stdout: string): Finished {
  return { code: 0, stdout, stderr: '' };
}
