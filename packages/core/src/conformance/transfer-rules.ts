import { posix } from 'node:path';
import type { HubRule } from '../diagnostics/codes/hub-rules.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { own } from '../language/own.ts';
import { allArches } from '../names/arch.ts';
import { type PartId, sidecarKinds } from '../names/file-names.ts';
import type { PatternFault } from '../systemd/pattern.ts';
import { linkEnds } from '../sysupdate/transfer.ts';
import { complain } from './complain.ts';
import {
  isRemote,
  patternsOf,
  type TransferFile,
  type TransferPattern,
  valueOf,
  writtenPatterns,
} from './read-transfer.ts';
import { checkSettings } from './transfer-settings.ts';

export interface TransferContext {
  /** The extension. */
  readonly name: string;
  /** URL of the file. */
  readonly place: string;
  /** Whether a signature lies beside the manifest. */
  readonly isSigned: boolean;
}

/** What a source may be written to; the table of sysupdate.d(5). */
const targetsOf: Readonly<Record<string, readonly string[]>> = {
  'url-file': ['regular-file', 'partition'],
  'url-tar': ['directory', 'subvolume'],
};

/** What systemd-sysupdate would make of a transfer file, by itself. */
export function checkTransfer(transfer: TransferFile, context: TransferContext): readonly Diagnostic[] {
  const { place } = context;
  const error = (rule: HubRule, expected: string, got: string | undefined): Diagnostic =>
    complain(rule, 'error', place, expected, got ?? 'nothing');
  const warning = (rule: HubRule, expected: string, got: string | undefined): Diagnostic =>
    complain(rule, 'warning', place, expected, got ?? 'nothing');
  const of = (key: string): string | undefined => valueOf(transfer, key);
  const found: Diagnostic[] = [...checkSettings(transfer, place)];
  const type = of('Source.Type') ?? '';
  if (!isRemote(transfer))
    return [...found, warning('transfer-type', '[Source] Type=url-file or url-tar', type)];
  const targets = own(targetsOf, type);
  const target = of('Target.Type') ?? targets?.[0];
  if (targets === undefined) found.push(error('transfer-type', '[Source] Type=url-file or url-tar', type));
  else if (!targets.includes(target ?? '')) {
    found.push(error('transfer-type', `[Target] Type=${targets.join(' or ')} for a ${type}`, target));
  }
  const path = of('Source.Path') ?? '';
  if (path.startsWith('file:///'))
    found.push(warning('transfer-path', '[Source] Path=http://… or https://…', path));
  else if (!/^https?:\/\/[^/\s]+/.test(path)) {
    found.push(error('transfer-path', '[Source] Path=http://… or https://…', path));
  }
  const folder = of('Target.Path') ?? '';
  const isWhole = /^[/%]/.test(folder) && !/(?:^|\/)\.\.?(?:\/|$)/.test(folder);
  if (!isWhole && !(folder === 'auto' && target === 'partition')) {
    found.push(error('transfer-path', '[Target] Path=/…', of('Target.Path')));
  }
  for (const one of checkPatterns(transfer, target === 'partition', place)) found.push(one);
  for (const one of checkLink(transfer, target ?? '', context)) found.push(one);
  const verify = of('Transfer.Verify') ?? 'yes, as it is when nothing is said';
  const isVerified = !/^(no|false|n|f|off|0)$/i.test(verify);
  if (isVerified && !context.isSigned) {
    found.push(error('transfer-verify', 'Verify=false where no signature lies beside SHA256SUMS', verify));
  }
  if (!isVerified && context.isSigned) {
    found.push(
      warning('transfer-unverified', 'Verify=true where a signature lies beside SHA256SUMS', verify),
    );
  }
  return found;
}

const faultRules: Readonly<Record<PatternFault['about'], HubRule>> = {
  version: 'transfer-pattern-version',
  wildcard: 'transfer-pattern-wildcard',
  character: 'transfer-pattern-character',
  specifier: 'transfer-pattern-specifier',
};

function checkPatterns(transfer: TransferFile, isPartition: boolean, place: string): readonly Diagnostic[] {
  if (patternsOf(transfer, 'Source').length === 0) {
    return [complain('transfer-pattern', 'error', place, '[Source] MatchPattern=', 'nothing')];
  }
  const written = writtenPatterns(transfer);
  const faults = written.flatMap(({ text, pattern }) =>
    pattern.kind === 'pattern'
      ? []
      : pattern.faults.map(({ about, expected }) =>
          complain(faultRules[about], 'error', place, `${expected} in MatchPattern`, text),
        ),
  );
  return [...faults, ...(isPartition ? [] : checkArch(transfer, written, place))];
}

/** Images of different architectures under one pattern, as far as can be seen from it. */
function checkArch(
  transfer: TransferFile,
  patterns: readonly TransferPattern[],
  place: string,
): readonly Diagnostic[] {
  const path = valueOf(transfer, 'Source.Path') ?? '';
  return patterns.flatMap(({ text }) => {
    if (['%a', ...allArches].some((arch) => (text + path).includes(arch))) return [];
    const expected = text.includes('@a')
      ? '%a for the architecture; @a is a partition flag'
      : 'an architecture in MatchPattern, as %a or by name';
    return [complain('transfer-pattern-arch', 'warning', place, expected, text)];
  });
}

/** What a transfer file of a bakery is for, by its name. */
function kindOf({ file }: TransferFile): PartId['kind'] {
  return sidecarKinds.find((kind) => new RegExp(`\\.${kind}\\.[a-z]+$`).test(file)) ?? 'raw';
}

/** systemd-sysext knows an image by its file name, and those have versions in them. */
function checkLink(
  transfer: TransferFile,
  target: string,
  { name, place }: TransferContext,
): readonly Diagnostic[] {
  const link = valueOf(transfer, 'Target.CurrentSymlink');
  const folder = valueOf(transfer, 'Target.Path') ?? '';
  if (target === 'partition') {
    if (link === undefined || link.startsWith('/')) return [];
    return [
      complain('transfer-symlink', 'error', place, 'an absolute CurrentSymlink= for a partition', link),
    ];
  }
  // From a folder NAME.raw.v systemd takes the newest by itself.
  if (/\.v\/*$/.test(folder)) return [];
  const ending = target === 'regular-file' ? `.${linkEnds[kindOf(transfer)]}` : '';
  const last = posix.basename(link ?? '');
  const isWhole = link?.endsWith('/') === false && last.endsWith(ending) && last !== ending;
  const base = last.slice(0, last.length - ending.length).replace(/\.(?:sysext|confext)$/, '');
  if (isWhole && (base === name || /%[A-Za-z]/.test(last))) return [];
  return [
    complain('transfer-symlink', 'warning', place, `CurrentSymlink=…/${name}${ending}`, link ?? 'nothing'),
  ];
}

/** systemd up to 256 reads only `.conf`; 257 and newer read it where there is no `.transfer`, and say so. */
export function checkPair(
  base: string,
  files: readonly TransferFile[],
  place: string,
): readonly Diagnostic[] {
  const [conf, transfer] = ['conf', 'transfer'].map((ending) =>
    files.find(({ file }) => file === `${base}.${ending}`),
  );
  if (conf === undefined && transfer === undefined) return [];
  const missing = conf === undefined ? 'conf' : 'transfer';
  if (conf === undefined || transfer === undefined) {
    const reader =
      missing === 'conf' ? 'which is all systemd up to 256 reads' : 'as systemd 257 and newer ask for';
    return [complain('transfer-pair', 'warning', place, `${base}.${missing}, ${reader}`, 'none')];
  }
  if (conf.text === transfer.text || conf.text === asForOlder(transfer.text)) return [];
  const expected = `${base}.conf and ${base}.transfer alike, but for what 257 was the first to know`;
  return [complain('transfer-pair', 'error', place, expected, 'two texts')];
}

/**
 * Without settings as old as the name `.transfer`, which those that read `.conf` warn of, and with the name that the
 * signature of a hash tree has on their hosts; see `transferText`.
 */
function asForOlder(text: string): string {
  return text
    .replace(/^(?:ChangeLog|AppStream|Features|RequisiteFeatures)=.*\n/gm, '')
    .replace(/^(MatchPattern=.*)\.roothash\.p7s$/m, '$1.p7s');
}
