/**
 * The name GitHub stores for an uploaded file: every run of characters outside `A-Za-z0-9-_+@.` becomes
 * one dot, and a name may neither begin nor end with a dot.
 * https://docs.github.com/rest/releases/assets#upload-a-release-asset
 */
export function storedName(name: string): string {
  const dotted = name.replaceAll(/[^\w\-+@.]+/g, '.').replaceAll(/\.{2,}/g, '.');
  const begun = dotted.startsWith('.') ? `default${dotted}` : dotted;
  return begun.endsWith('.') ? `${begun}default` : begun;
}
