export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}

/** For `catch`: what is not there is `undefined`, everything else is thrown on. */
export function absent(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** The target of a rename, link or mkdir is there already. */
export function isTaken(error: unknown): boolean {
  return hasCode(error, 'EEXIST', 'ENOTEMPTY');
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
