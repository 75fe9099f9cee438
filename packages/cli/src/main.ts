import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '@bakery/core/fetch.ts';

// The sources run as they are; stripping their types takes half a second, which only the first run need spend.
enableCompileCache(
  process.env['NODE_COMPILE_CACHE'] ?? join(cacheFolder(process.env, homedir()), 'compiled'),
);
const { start } = await import('./start.ts');
await start(join(import.meta.dirname, '../../../recipes'));
