import { UserError } from '../diagnostics/user-error.ts';
import { requireExtensionName } from '../names/extension-name.ts';
import { type PartId, sidecarKinds } from '../names/file-names.ts';
import type { Stream } from './streams.ts';

/** Where a host gets an extension from. */
export interface Transfer {
  readonly name: string;
  /** The folder that holds SHA256SUMS, ending in `/`. */
  readonly url: string;
  /** Have the host check the signature of SHA256SUMS. */
  readonly verify?: boolean;
  /** What the address of a page with the notes of a version begins with; the version follows. */
  readonly notes?: string | undefined;
}

/** Versions a host keeps, the running one among them; systemd’s own default would be 2. */
export const instancesMax = 3;

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * All transfer files of an extension: `NAME.conf` for its newest version and `NAME-vX.conf` for each stream,
 * each a second time as `.transfer`: systemd up to 256 reads only the first, from 257 on it wants the second. There alone
 * is what 257 was the first to know, as those before it warn of it at each run.
 */
export function transferFiles(transfer: Transfer, streams: readonly Stream[] = []): readonly TextFile[] {
  return filesOf(['raw'], transfer, streams);
}

/**
 * The same for what lies beside images, as `NAME.verity.conf` and so on; no extension has a dot in its name. In one
 * folder with the file for the image they make one version of all four: systemd-sysupdate takes it whole or not at all.
 * Those for the signature differ: up to 257, which takes the `.conf`, it must not be called as from 262 on.
 */
export function sidecarTransferFiles(
  transfer: Transfer,
  streams: readonly Stream[] = [],
): readonly TextFile[] {
  return filesOf(sidecarKinds, transfer, streams);
}

function filesOf(
  kinds: readonly PartId['kind'][],
  transfer: Transfer,
  streams: readonly Stream[],
): readonly TextFile[] {
  return [undefined, ...streams].flatMap((stream) =>
    kinds.flatMap((kind) => {
      const base = stream === undefined ? transfer.name : `${transfer.name}-${stream.label}`;
      const file = kind === 'raw' ? base : `${base}.${kind}`;
      const { notes, ...plain } = transfer;
      const changes = notes === undefined ? undefined : `${notes}${unmatched(stream)}@v`;
      return [
        { name: `${file}.conf`, text: transferText(plain, stream, kind, 'conf') },
        { name: `${file}.transfer`, text: withChangeLog(transferText(plain, stream, kind), changes) },
      ];
    }),
  );
}

/** What a pattern holds of a version, and `@v` therefore does not. */
function unmatched(stream: Stream | undefined): string {
  return stream === undefined ? '' : `${stream.prefix}.`;
}

/** Has `systemd-sysupdate list VERSION` name the page of a version; what systemd would not take for one is left out. */
function withChangeLog(text: string, page: string | undefined): string {
  if (page === undefined || !/^https?:\/\/[\w.~:/%@+-]+$/.test(page)) return text;
  return text.replace('\n\n[Source]\n', () => `\nChangeLog=${escapeSpecifiers(page)}\n\n[Source]\n`);
}

/** What systemd-sysext looks for beside an image: up to 257 beside the link to it, with 262 beside the file itself. */
export const linkEnds: Readonly<Record<PartId['kind'], string>> = {
  raw: 'raw',
  verity: 'verity',
  roothash: 'roothash',
  p7s: 'roothash.p7s',
};

/**
 * A systemd-sysupdate transfer definition (sysupdate.d(5)) that every systemd since 251 understands. A stream
 * differs only in what it matches, so that a host can change streams and keep its files and link.
 * The folder /etc/extensions must exist on the host: systemd 257 does not make it for the link. Nor does 254 make
 * /opt/extensions/NAME.
 */
export function transferText(
  { name, url, verify = false }: Transfer,
  stream?: Stream,
  kind: PartId['kind'] = 'raw',
  ending: 'conf' | 'transfer' = 'transfer',
): string {
  requireExtensionName(name);
  requireFolderUrl(url);
  const pattern = `${name}-${unmatched(stream)}@v-%a`;
  return `[Transfer]
Verify=${verify}

[Source]
Type=url-file
Path=${escapeSpecifiers(url)}
MatchPattern=${pattern}.${kind}

[Target]
Type=regular-file
Path=/opt/extensions/${name}
MatchPattern=${pattern}.${ending === 'conf' ? kind : linkEnds[kind]}
CurrentSymlink=/etc/extensions/${name}.${linkEnds[kind]}
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
