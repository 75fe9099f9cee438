import { isNativeError } from 'node:util/types';
import { runInNewContext } from 'node:vm';

/**
 * What `work` comes to, or `undefined` when it takes longer than `seconds`. For a regex of a recipe on the text of a
 * stranger: nothing else stops one that tries every way through megabytes.
 */
export function withinTime<Value>(work: () => Value, seconds: number): { readonly value: Value } | undefined {
  let done: { readonly value: Value } | undefined;
  try {
    const run = (): void => {
      done = { value: work() };
    };
    runInNewContext('run()', { run }, { timeout: seconds * 1000 });
  } catch (error) {
    if (isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return undefined;
    throw error;
  }
  return done;
}
