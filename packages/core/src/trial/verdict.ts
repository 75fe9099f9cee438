import type { ImageInputs } from '../provenance/inputs.ts';
import type { Passage } from './gate.ts';
import { allChecks } from './outcome.ts';

/** What the record of an image says of its test: nothing where nobody wanted one. */
export function withVerdict(inputs: ImageInputs, passage: Passage | undefined): ImageInputs {
  if (passage === undefined) return inputs;
  const isTried = !('skipped' in passage) && allChecks(passage).some(({ result }) => result === 'passed');
  return {
    ...inputs,
    test: isTried ? { verdict: 'passed', host: passage.host } : { verdict: 'skipped' },
  };
}
