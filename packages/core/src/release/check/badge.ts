import type { ExtensionStatus } from './extension-status.ts';

/** For shields.io: https://shields.io/badges/endpoint-badge */
export interface Badge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

export function badgeOf(statuses: readonly ExtensionStatus[]): Badge {
  const failing = statuses.filter(isRed).length;
  const behind = statuses.filter((one) => !isRed(one) && isBehind(one)).length;
  const parts = [
    ...(failing === 0 ? [] : [`${failing} failing`]),
    ...(behind === 0 ? [] : [`${behind} behind`]),
  ];
  return {
    schemaVersion: 1,
    label: 'extensions',
    message: parts.length === 0 ? `${statuses.length} up to date` : parts.join(', '),
    color: failing > 0 ? 'red' : behind > 0 ? 'yellow' : 'brightgreen',
  };
}

function isRed({ failing }: ExtensionStatus): boolean {
  return failing !== undefined && failing.leftOut !== true;
}

function isBehind({ missing, failing }: ExtensionStatus): boolean {
  return missing.length > 0 || failing !== undefined;
}
