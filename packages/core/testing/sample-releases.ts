import { createHash } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestName } from '../src/names/manifest-name.ts';
import type { MetadataAsset, MetadataRelease, NewRelease, Store } from '../src/store/store.ts';
import { formatManifest } from '../src/sysupdate/manifest.ts';

/** A release with these files, on disk until disposed; for tests. */
export async function newRelease(
  tag: string,
  files: Readonly<Record<string, string>>,
): Promise<NewRelease & AsyncDisposable> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'new-release-'));
  const made = Object.entries(files).map(async ([name, content], n) => {
    const path = join(folder.path, String(n));
    await writeFile(path, content);
    return { name, path };
  });
  return {
    tag,
    title: tag,
    notes: `notes of ${tag}`,
    files: await Promise.all(made),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

export function text(name: string, content: string): MetadataAsset {
  return { name, text: content };
}

/** A valid SHA256SUMS with these names. */
export function manifest(...names: readonly string[]): { readonly name: string; readonly text: string } {
  return { name: manifestName, text: formatManifest(names.map((name) => ({ name, sha256: sha256(name) }))) };
}

export function metadata(...assets: readonly MetadataAsset[]): MetadataRelease {
  return { title: 'a', notes: 'index', newest: false, assets };
}

export function indexOf(...assets: readonly MetadataAsset[]): () => Promise<MetadataRelease> {
  return () => Promise.resolve(metadata(...assets));
}

/** What readers get: text by asset name, in order of name. */
export async function contents(store: Store, tag: string): Promise<Record<string, string | undefined>> {
  const [release] = await store.releases([tag]);
  const names = (release?.assets ?? []).map(({ name }) => name).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await store.read(tag, name)] as const)),
  );
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
