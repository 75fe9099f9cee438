import { complain, type Complaint } from './complaint.ts';
import { patternsOf, type TransferFile, valueOf } from './read-transfer.ts';

export interface TransferContext {
  /** The extension. */
  readonly name: string;
  /** URL of the file. */
  readonly place: string;
  /** Whether a signature lies beside the manifest. */
  readonly isSigned: boolean;
}

/** What systemd-sysupdate would make of a transfer file, by itself. */
export function checkTransfer(transfer: TransferFile, context: TransferContext): readonly Complaint[] {
  const { place } = context;
  const error = (rule: string, expected: string, got: string | undefined): Complaint =>
    complain(`transfer-${rule}`, 'error', place, expected, got ?? 'nothing');
  const warning = (rule: string, expected: string, got: string | undefined): Complaint =>
    complain(`transfer-${rule}`, 'warning', place, expected, got ?? 'nothing');
  const of = (key: string): string | undefined => valueOf(transfer, key);
  const found: Complaint[] = transfer.odd.map((line) => error('line', '[Section] or Key=value', line));

  const [type, path, target] = [of('Source.Type'), of('Source.Path'), of('Target.Type')];
  if (type !== 'url-file') found.push(error('type', '[Source] Type=url-file', type));
  if (target !== 'regular-file') found.push(warning('type', '[Target] Type=regular-file', target));
  if (!/^https?:\/\/[^/\s]+/.test(path ?? '')) {
    found.push(error('path', '[Source] Path=http://… or https://…', path));
  }
  if (of('Target.Path') === undefined) found.push(error('path', '[Target] Path=', undefined));

  const patterns = patternsOf(transfer, 'Source');
  if (patterns.length === 0) found.push(error('pattern', '[Source] MatchPattern=', undefined));
  for (const pattern of new Set([...patterns, ...patternsOf(transfer, 'Target')])) {
    found.push(...checkPattern(pattern, place));
  }
  const instances = of('Target.InstancesMax');
  if (instances !== undefined && !(/^\d+$/.test(instances) && Number(instances) >= 2)) {
    found.push(error('instances', 'InstancesMax of at least 2', instances));
  }
  const link = of('Target.CurrentSymlink');
  if (link === undefined || link.split('/').at(-1) !== `${context.name}.raw`) {
    // systemd-sysext knows an image by its file name, and those have versions in them.
    found.push(warning('symlink', `CurrentSymlink=…/${context.name}.raw`, link));
  }
  const verify = of('Transfer.Verify') ?? 'yes, as it is when nothing is said';
  if (!/^(no|false|n|f|off|0)$/i.test(verify) && !context.isSigned) {
    found.push(error('verify', 'Verify=false where no signature lies beside SHA256SUMS', verify));
  }
  return found;
}

const wildcards: readonly string[] = ['v', 'u', 'f', 'a', 'g', 'r', 't', 'm', 's', 'd', 'l', 'h'];

/** Exactly one `@v`, and each other wildcard at most once. */
function checkPattern(pattern: string, place: string): readonly Complaint[] {
  const used = [...pattern.matchAll(/@(.?)/g)].map(([, letter = '']) => letter);
  const found: Complaint[] = [];
  const error = (rule: string, expected: string): void =>
    void found.push(complain(rule, 'error', place, expected, pattern));
  if (used.filter((letter) => letter === 'v').length !== 1) {
    error('transfer-pattern-version', 'exactly one @v in MatchPattern');
  }
  if (used.includes('a')) {
    error('transfer-pattern-arch', '%a for the architecture; @a is a partition flag');
  }
  if (used.some((letter, index) => !wildcards.includes(letter) || used.indexOf(letter) !== index)) {
    error('transfer-pattern-wildcard', `each of @${wildcards.join(' @')} at most once, and no other`);
  }
  if (!/%a|x86-64|arm64/.test(pattern) && !used.includes('a')) {
    const expected = 'an architecture in MatchPattern, as %a or by name';
    found.push(complain('transfer-pattern-arch', 'warning', place, expected, pattern));
  }
  return found;
}

/** systemd up to 256 reads only `.conf`, and 257 and newer wants `.transfer`. */
export function checkPair(base: string, files: readonly TransferFile[], place: string): readonly Complaint[] {
  const [conf, transfer] = ['conf', 'transfer'].map((ending) =>
    files.find(({ file }) => file === `${base}.${ending}`),
  );
  if (conf === undefined && transfer === undefined) return [];
  const missing = conf === undefined ? 'conf' : 'transfer';
  if (conf === undefined || transfer === undefined) {
    const reader = missing === 'conf' ? 'systemd up to 256' : 'systemd from 257 on';
    return [complain('transfer-pair', 'error', place, `${base}.${missing}, for ${reader}`, 'none')];
  }
  if (conf.text === transfer.text) return [];
  return [complain('transfer-pair', 'error', place, `${base}.conf and ${base}.transfer alike`, 'two texts')];
}
