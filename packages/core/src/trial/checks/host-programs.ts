import { type Merged, reasonsOf } from '../merged.ts';
import { type Check, failed, passed } from '../outcome.ts';

const what = 'merges, and the host still runs';

/** Whether anything at all runs on the host any more. */
export async function checkHost({ run }: Merged): Promise<Check> {
  const ended = await run(['/bin/true']);
  return ended.code === 0 ? passed(what) : failed(what, reasonsOf(ended));
}
