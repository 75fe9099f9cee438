import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageName, inputsName } from '../src/names/file-names.ts';
import { formatInputs, Inputs } from '../src/provenance/inputs.ts';
import { Recipe } from '../src/recipe/schema.ts';
import { updateGlobalMetadata } from '../src/release/metadata/global-metadata.ts';
import { updateExtensionMetadata } from '../src/release/metadata/metadata.ts';
import type { Adapter } from '../src/release/publish/adapter-files.ts';
import { directoryStore } from '../src/store/directory.ts';
import type { Store } from '../src/store/store.ts';
import { formatManifest } from '../src/sysupdate/manifest.ts';
import { newRelease, sha256 } from './sample-releases.ts';

/** A directory store with extensions for both arches; for tests. */
export interface SampleBakery extends AsyncDisposable {
  readonly root: string;
  readonly store: Store;
  publish(name: string, version: string): Promise<void>;
  /** Regenerates the metadata of all extensions; sysupdate files say `hub`. */
  index(hub?: string, adapters?: readonly Adapter[]): Promise<void>;
}

export async function sampleBakery(hub: string): Promise<SampleBakery> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'sample-bakery-'));
  const root = join(folder.path, 'out');
  const store = directoryStore(root, hub);
  const names = new Set<string>();
  return {
    root,
    store,
    publish: async (name, version) => {
      names.add(name);
      await publishSample(store, name, version);
    },
    index: async (at = hub, adapters = []) => {
      const context = { store, hub: at, names: [...names], adapters };
      for (const name of names) {
        await updateExtensionMetadata(name, sampleRecipe(name), context);
      }
      await updateGlobalMetadata(context);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** With a stream for each minor. */
export function sampleRecipe(name: string): Recipe {
  return Recipe.parse({
    recipe: 1,
    name,
    summary: name,
    homepage: `https://${name}.example/`,
    license: 'MIT',
    versions: { from: 'pinned', versions: ['1'] },
    streams: 'minor',
    arch: { 'x86-64': '', arm64: '' },
  });
}

const arches = ['x86-64', 'arm64'] as const;

/** Publishes a version in any store. */
export async function publishSample(store: Store, name: string, version: string): Promise<void> {
  const images = arches.map((arch) => {
    const file = imageName({ name, version, arch });
    return { arch, file, content: sampleContent(file) };
  });
  const sums = images.map(({ file, content }) => ({ name: file, sha256: sha256(content) }));
  const inputs = images.map(({ arch, file, content }) => [
    arch,
    {
      file,
      size: Buffer.byteLength(content),
      sha256: sha256(content),
      unpackedSize: 3 * Buffer.byteLength(content),
      format: 'squashfs',
      tool: 'none',
      epoch: 0,
      options: {},
      artifacts: [],
      test: { verdict: 'passed', host: 'none' },
    },
  ]);
  await using release = await newRelease(`${name}-${version}`, {
    ...Object.fromEntries(images.map(({ file, content }) => [file, content])),
    [inputsName(name, version)]: formatInputs(
      Inputs.parse({
        inputs: 1,
        name,
        version,
        recipe: { sha256: '0'.repeat(64) },
        images: Object.fromEntries(inputs),
      }),
    ),
    SHA256SUMS: formatManifest(sums),
  });
  await store.publish(release);
}

/** Neither the bakery’s indexes nor systemd-sysupdate look into images. */
export function sampleContent(file: string): string {
  return `image ${file}\n`.repeat(2000);
}
