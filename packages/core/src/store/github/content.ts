import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hashFile } from '../../fetch/hash-file.ts';
import type { RemoteAsset } from './assets.ts';

/** Bytes to upload. */
export interface Content {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** Can be sent again and again, and says its length, without which GitHub answers 400. */
  readonly open: () => Promise<Blob>;
}

export async function fileContent(name: string, path: string): Promise<Content> {
  const [{ size }, sha256] = await Promise.all([stat(path), hashFile(path)]);
  return { name, size, sha256, open: () => openAsBlob(path) };
}

export function textContent(name: string, text: string | Uint8Array): Content {
  const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, size: bytes.length, sha256, open: () => Promise.resolve(new Blob([bytes])) };
}

/** Whether `asset` is complete and holds these bytes, as far as GitHub tells. */
export function holds(asset: RemoteAsset, content: Pick<Content, 'size' | 'sha256'>): boolean {
  return (
    asset.state === 'uploaded' &&
    asset.size === content.size &&
    (asset.sha256 === undefined || asset.sha256 === content.sha256)
  );
}
