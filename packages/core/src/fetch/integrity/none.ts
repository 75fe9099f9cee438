import type { Expectation } from './expectation.ts';

/** Nothing is published and nothing is checked; whoever fetches warns with the reason. */
export function expectNothing({ none: reason }: { readonly none: string }): Expectation {
  return { kind: 'none', reason };
}
