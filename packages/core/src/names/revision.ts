// Any other ending sorts wrong: systemd takes 1.2+r10 and 1.2.r1 for newer than 1.2.1.
const ending = /-r[1-9]\d{0,5}$/;

/** The version of the project behind a published one, which may be a revision: the same built again, `VERSION-rN`. */
export function upstreamVersion(version: string): string {
  return version.replace(ending, '');
}

export function isRevision(version: string): boolean {
  return ending.test(version);
}

/** The first revision of `version` that is newer than all of those `published`. */
export function nextRevision(version: string, published: Iterable<string>): string {
  const base = upstreamVersion(version);
  const taken = [...published].filter((one) => upstreamVersion(one) === base).map(numberOf);
  return `${base}-r${taken.reduce((most, one) => Math.max(most, one), 0) + 1}`;
}

function numberOf(version: string): number {
  return Number(/\d+$/.exec(ending.exec(version)?.[0] ?? '0')?.[0]);
}
