import { postponedBy } from '@bakery/core/release.ts';
import { log } from './log.ts';

/** What `ask` answers; `busy`, and a warning that begins with `lost`, where GitHub accepts no more for now. */
export async function unlessBusy<T>(lost: string, ask: () => Promise<T>): Promise<T | 'busy'> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || postponedBy('', error) === undefined) throw error;
    log.warning(`${lost}: ${error.message}`);
    return 'busy';
  }
}
