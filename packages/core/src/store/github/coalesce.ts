import { setImmediate } from 'node:timers/promises';

/**
 * Answers questions asked in the same turn of the event loop with one `load`: 35 extensions updated at
 * once then cost the requests of one. A question never joins a request already under way, so an answer is
 * never older than its question.
 */
export function coalesce<K, T>(load: (keys: readonly K[]) => Promise<T>): (keys: readonly K[]) => Promise<T> {
  let waiting: { readonly keys: Set<K>; readonly answer: Promise<T> } | undefined;
  return (keys) => {
    const batch = (waiting ??= begin());
    for (const key of keys) batch.keys.add(key);
    return batch.answer;
  };

  function begin() {
    const all = new Set<K>();
    const answer = setImmediate().then(() => {
      waiting = undefined;
      return load([...all]);
    });
    return { keys: all, answer };
  }
}
