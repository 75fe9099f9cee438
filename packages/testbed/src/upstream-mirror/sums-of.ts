import { createHash } from 'node:crypto';
import { baseName } from '@bakery/core/src/language/address.ts';
import type { Asset } from './expand-downloads.ts';
import type { Sums } from './fixture.ts';

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** One asset in a file of sums; a hash of "" leaves it out. */
export interface Entry {
  readonly asset: Asset;
  readonly sums: Sums;
  readonly hash: string;
}

/** A file of sums as upstream writes it, without a signature around it: all entries have the same address. */
export function sumsText(entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ asset, sums, hash }) => [
    ...sums.decoys.map((name) => line(sha256(name), name, sums.form)),
    ...(hash === '' ? [] : [line(hash, sums.name ?? baseName(asset.url), sums.form)]),
  ]);
  return lines.join('');
}

function line(hash: string, name: string, form: Sums['form']): string {
  if (form === 'bare') return hash; // as dl.k8s.io serves it: not even a newline
  const marks = { star: ' *', dot: '  ./', named: '  ', 'clear-signed': '  ' };
  return `${hash}${marks[form]}${name}\n`;
}
