import { describe, expect, it } from '@jest/globals';
import { cacheFolder } from './cache-folder.ts';

describe('cacheFolder', () => {
  it.each([
    [{ BAKERY_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
    [{ BAKERY_CACHE: '', XDG_CACHE_HOME: '/x' }, '/x/bakery'],
    [{ XDG_CACHE_HOME: 'relative' }, '/home/me/.cache/bakery'],
    [{}, '/home/me/.cache/bakery'],
  ])('%j gives %s', (env, folder) => {
    expect(cacheFolder(env, '/home/me')).toBe(folder);
  });
});
