import { UserError } from '../diagnostics/user-error.ts';
import { requireExtensionName } from '../names/extension-name.ts';
import type { Stream } from './streams.ts';

/** Where a host gets an extension from. */
export interface Transfer {
  readonly name: string;
  /** The folder that holds SHA256SUMS, ending in `/`. */
  readonly url: string;
  /** Have the host check the signature of SHA256SUMS. */
  readonly verify?: boolean;
}

/** Versions a host keeps, the running one among them; systemd’s own default would be 2. */
export const instancesMax = 3;

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * All transfer files of an extension: `NAME.conf` for its newest version and `NAME-vX.conf` for each stream,
 * each a second time as `.transfer`: systemd up to 256 reads only the first, from 257 on it wants the second.
 */
export function transferFiles(transfer: Transfer, streams: readonly Stream[] = []): readonly TextFile[] {
  return [undefined, ...streams].flatMap((stream) => {
    const base = stream === undefined ? transfer.name : `${transfer.name}-${stream.label}`;
    const text = transferText(transfer, stream);
    return ['conf', 'transfer'].map((ending) => ({ name: `${base}.${ending}`, text }));
  });
}

/**
 * A systemd-sysupdate transfer definition (sysupdate.d(5)), the same for every systemd since 251. A stream
 * differs only in what it matches, so that a host can change streams and keep its files and link.
 * The folder /etc/extensions must exist on the host: systemd 257 does not make it for the link.
 */
export function transferText({ name, url, verify = false }: Transfer, stream?: Stream): string {
  requireExtensionName(name);
  requireFolderUrl(url);
  const pattern = `${name}-${stream === undefined ? '' : `${stream.prefix}.`}@v-%a.raw`;
  return `[Transfer]
Verify=${verify}

[Source]
Type=url-file
Path=${escapeSpecifiers(url)}
MatchPattern=${pattern}

[Target]
Type=regular-file
Path=/opt/extensions/${name}
MatchPattern=${pattern}
CurrentSymlink=/etc/extensions/${name}.raw
InstancesMax=${instancesMax}
`;
}

/** Under both names, as other transfer files. */
export function noopTransfers(): readonly TextFile[] {
  return ['noop.conf', 'noop.transfer'].map((name) => ({ name, text: noopTransfer.text }));
}

/** A definition that never finds anything: systemd-sysupdate fails on a host where only components have some. */
export const noopTransfer: TextFile = {
  name: 'noop.conf',
  text: `[Source]
Type=regular-file
Path=/
MatchPattern=invalid@v.raw

[Target]
Type=regular-file
Path=/
`,
};

/** UserError unless every host understands it in a sysupdate file. */
export function requireFolderUrl(url: string): void {
  const why = whyNoFolderUrl(url);
  if (why === undefined) return;
  throw new UserError(
    'input.invalid',
    `URL of the folder with SHA256SUMS: expected ${why}, got ${JSON.stringify(url)}`,
  );
}

export function whyNoFolderUrl(url: string): string | undefined {
  if (!/^[!-~]*$/.test(url) || /["'\\<>^`{|}]/.test(url))
    return 'only characters a URL may have, others as %XX';
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:\/\/[^/]/.test(url)) return 'http://… or https://…';
  if (parsed.username !== '' || parsed.password !== '')
    return 'no user name or password, as hosts share the file';
  if (/[?#]/.test(url)) return 'no "?" and no "#", as systemd puts file names behind it';
  if (!url.endsWith('/')) return 'a "/" at the end';
  return undefined;
}

/** `%` starts a specifier in transfer files, as in `%a`. */
function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
