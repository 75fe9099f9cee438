import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { cacheIn } from '../fetch/cache.ts';
import { rememberIn } from './remember.ts';

const answer = { key: 'versions:tool#4c05', what: 'versions of tool (npm)' };

it('gives back offline what was answered once, and says in words what was not', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'remember-'));
  const cache = cacheIn(folder.path, { verify: false, now: Date.now });
  await expect(rememberIn(cache, true)(answer, nobody)).rejects.toMatchObject({
    message: 'versions of tool (npm): expected it in the cache (--offline), found nothing there',
    hint: 'run once without --offline',
  });
  expect(await rememberIn(cache, false)(answer, async () => '1.2.3')).toBe('1.2.3');
  expect(await rememberIn(cache, true)(answer, nobody)).toBe('1.2.3');
});

function nobody(): Promise<never> {
  return Promise.reject(new Error('asked somebody'));
}
