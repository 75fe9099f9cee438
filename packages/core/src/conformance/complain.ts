import type { HubRule } from '../diagnostics/codes/hub-rules.ts';
import type { Diagnostic, DiagnosticPlace } from '../diagnostics/diagnostic.ts';

const longest = 300; // characters

/** Something about a hub that a host would stumble over. `got` is cut where it is long. */
export function complain(
  rule: HubRule,
  severity: Diagnostic['severity'],
  place: string | DiagnosticPlace,
  expected: string,
  got: string,
): Diagnostic {
  const shown = got.length > longest ? `${got.slice(0, longest)}…` : got;
  return {
    code: `hub.${rule}`,
    severity,
    place: typeof place === 'string' ? { file: place } : place,
    message: `expected ${expected}, got ${shown}`,
  };
}
