/** What gives CI a signing key, as lines to copy. */
export function secretLines(file: string, isProtected: boolean): readonly string[] {
  return [
    "     gh api --method PUT 'repos/{owner}/{repo}/environments/signing'",
    `     gh secret set --env signing BAKERY_SIGNING_KEY <${file}`,
    ...(isProtected ? ['     gh secret set --env signing BAKERY_SIGNING_PASSPHRASE'] : []),
  ];
}
