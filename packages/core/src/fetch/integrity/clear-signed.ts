/** The text a PGP clear-signed file signs (RFC 9580 section 7), or `text` itself when it is not one. Checks no signature. */
export function withoutArmour(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const begin = lines.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  if (begin === -1) return lines.join('\n');
  const body = lines.indexOf('', begin) + 1;
  const end = lines.indexOf('-----BEGIN PGP SIGNATURE-----', body);
  const signed = lines.slice(body, end === -1 ? undefined : end);
  return signed.map((line) => (line.startsWith('- ') ? line.slice(2) : line)).join('\n');
}
