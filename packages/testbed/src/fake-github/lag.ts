import type { State } from './state.ts';

/** Reads that see the past, as GitHub’s replicas and caches sometimes do. */
export interface Lag {
  /** From now on reads of this route see the state as it was before the last `requests` requests. */
  readonly set: (route: string, requests: number) => void;
  readonly clear: () => void;
  /** Keeps a snapshot, to be called before request `n` changes anything. */
  readonly remember: (n: number, state: State) => void;
  /** What request `n` to this route sees. */
  readonly view: (n: number, route: string, current: State) => State;
}

export function lag(): Lag {
  const lags = new Map<string, number>();
  const snapshots: { readonly n: number; readonly state: State }[] = [];
  return {
    set: (route, requests) => lags.set(route, requests),
    clear: () => {
      lags.clear();
      snapshots.length = 0;
    },
    remember: (n, state) => {
      // Snapshots cost time on a large bakery, so none are taken while nothing lags.
      if (lags.size > 0) {
        snapshots.push({ n, state: structuredClone(state) });
      }
    },
    view: (n, route, current) => {
      const requests = lags.get(route) ?? 0;
      return snapshots.find((snapshot) => requests > 0 && snapshot.n >= n - requests)?.state ?? current;
    },
  };
}
