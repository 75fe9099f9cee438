import { isError } from '../../diagnostics/diagnostic.ts';
import { type Check, judged } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'keeps the rules of extensions';

/** What `bakery verify` asks of every image. */
export function checkRules({ findings }: Subject): Check {
  return judged(
    what,
    findings.filter(isError).map(({ place, message }) => `${place.file}: ${message}`),
  );
}
