/** A version without a leading `v`. Only a `v` before a digit is one: `vmqtest` stays. */
export function bareVersion(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
