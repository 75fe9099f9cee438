import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Entries } from './entries.ts';
import { readUnits } from './unit-files.ts';

/** Settings that take nothing but a boolean in every systemd since 251. */
const booleanKeys = new Set([
  'Accept',
  'AllowIsolate',
  'CPUAccounting',
  'DefaultDependencies',
  'DynamicUser',
  'GuessMainPID',
  'IOAccounting',
  'IPAccounting',
  'IgnoreOnIsolate',
  'IgnoreSIGPIPE',
  'LockPersonality',
  'MemoryAccounting',
  'MemoryDenyWriteExecute',
  'NoNewPrivileges',
  'NonBlocking',
  'Persistent',
  'PrivateDevices',
  'PrivateMounts',
  'PrivateNetwork',
  'ProtectClock',
  'ProtectKernelLogs',
  'ProtectKernelModules',
  'ProtectKernelTunables',
  'RefuseManualStart',
  'RefuseManualStop',
  'RemainAfterElapse',
  'RemainAfterExit',
  'RemoveIPC',
  'RemoveOnStop',
  'RestrictRealtime',
  'RestrictSUIDSGID',
  'RootDirectoryStartOnly',
  'SendSIGHUP',
  'SendSIGKILL',
  'StopWhenUnneeded',
  'TasksAccounting',
  'WakeSystem',
]);
const yes = /^(1|yes|y|true|t|on)$/i; // parse_boolean() of systemd
const no = /^(0|no|n|false|f|off)$/i;

/** systemd ignores a boolean it cannot read and goes on with the default. */
export function checkBooleans(entries: Entries): Diagnostic[] {
  return readUnits(entries).flatMap(({ path, settings }) =>
    settings
      .filter(({ key, value }) => booleanKeys.has(key) && value !== '' && !yes.test(value) && !no.test(value))
      .map(({ key, value, line }) =>
        error('tree.unit-boolean', path, `line ${line}, ${key}: expected yes or no, got "${value}"`),
      ),
  );
}

export function isYes(value: string): boolean {
  return yes.test(value);
}
