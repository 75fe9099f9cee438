/** Something about a hub that a host would stumble over. */
export interface Complaint {
  /** Stable word for the rule, as in docs/conformance.md. */
  readonly rule: string;
  /** With an error some host fails or gets the wrong thing; a warning is a trap for later. */
  readonly severity: 'error' | 'warning';
  /** URL, with the line where there is one. */
  readonly place: string;
  readonly expected: string;
  readonly got: string;
}

const longest = 300; // characters

/** `got` is cut where it is long. */
export function complain(
  rule: string,
  severity: Complaint['severity'],
  place: string,
  expected: string,
  got: string,
): Complaint {
  return { rule, severity, place, expected, got: got.length > longest ? `${got.slice(0, longest)}…` : got };
}
