import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { own } from '../language/own.ts';
import { complain } from './complain.ts';
import type { TransferFile } from './read-transfer.ts';
import { valueOf } from './read-transfer.ts';

/** All that sysupdate.d(5) knows up to systemd 262. */
const known: Readonly<Record<string, readonly string[]>> = {
  Transfer: [
    'MinVersion',
    'MaxVersion',
    'ProtectVersion',
    'Verify',
    'ChangeLog',
    'AppStream',
    'Features',
    'RequisiteFeatures',
  ],
  Source: ['Type', 'Path', 'PathRelativeTo', 'MatchPattern'],
  Target: [
    'Type',
    'Path',
    'PathRelativeTo',
    'MatchPattern',
    'MatchPartitionType',
    'PartitionUUID',
    'PartitionFlags',
    'PartitionNoAuto',
    'PartitionGrowFileSystem',
    'ReadOnly',
    'Mode',
    'TriesDone',
    'TriesLeft',
    'InstancesMax',
    'RemoveTemporary',
    'CurrentSymlink',
  ],
};

/** Lines that systemd refuses, or passes over with a word in the log. */
export function checkSettings(transfer: TransferFile, place: string): readonly Diagnostic[] {
  const { settings, odd } = transfer;
  const lines = odd.map(({ content, isFatal }) =>
    complain('transfer-line', isFatal ? 'error' : 'warning', place, '[Section] or Key=value', content),
  );
  const unknown = settings
    .filter(({ section, key }) => !section.startsWith('X-') && !key.startsWith('X-'))
    .filter(({ section, key }) => own(known, section)?.includes(key) !== true)
    .map(({ section, key }) =>
      complain('transfer-key', 'warning', place, 'a setting of sysupdate.d(5)', `[${section}] ${key}=`),
    );
  return [...lines, ...unknown, ...checkInstances(transfer, place), ...checkRelativeTo(transfer, place)];
}

/** Below 2 systemd takes 2, and what is no number it passes over. */
function checkInstances(transfer: TransferFile, place: string): readonly Diagnostic[] {
  const instances = valueOf(transfer, 'Target.InstancesMax') ?? '';
  if (instances === '' || (/^\d+$/.test(instances) && Number(instances) >= 2)) return [];
  return [complain('transfer-instances', 'warning', place, 'InstancesMax of at least 2', instances)];
}

function checkRelativeTo(transfer: TransferFile, place: string): readonly Diagnostic[] {
  const places = ['root', 'esp', 'xbootldr', 'boot'];
  return ['Source', 'Target'].flatMap((section) => {
    const value = valueOf(transfer, `${section}.PathRelativeTo`) ?? 'root';
    if (places.includes(value)) return [];
    const severity = value === 'explicit' ? 'error' : 'warning'; // what it does not know systemd passes over
    const expected = `[${section}] PathRelativeTo=${places.join(' or ')}`;
    return [complain('transfer-path', severity, place, expected, value)];
  });
}
