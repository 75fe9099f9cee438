export { cacheFolder } from '../fetch/cache-folder.ts';
export { cacheIn } from '../fetch/cache.ts';
