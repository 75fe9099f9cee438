import { hashOf } from '../../fetch/hashing.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { scratchFolder } from '../../lifetime/scratch.ts';
import { inputsName } from '../../names/file-names.ts';
import { keysExtension } from '../../names/keys-extension.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { ringNames } from '../../names/ring-names.ts';
import { tagOf } from '../../names/tag.ts';
import { Inputs } from '../../provenance/inputs.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { Store } from '../../store/store.ts';
import type { Upstream } from '../check/upstream.ts';
import { createVersion } from '../create/create-version.ts';
import type { CreateContext } from '../create/create.ts';
import { publishedVersions } from '../history/published-versions.ts';
import { publishVersion } from '../publish/publish.ts';
import type { Target } from '../publish/transfer-files.ts';
import { keysRecipe, ringOption, writeKeysRecipe } from './keys-recipe.ts';
import { nextKeysVersion } from './keys-version.ts';

/** What it takes to publish the public keys of a feed as an extension. */
export interface KeysContext extends CreateContext {
  readonly upstream: Upstream;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Publishes a version of the extension that holds the ring, unless the newest one holds the same. A withdrawn one counts:
 * whoever withdraws it does not want it back before the ring is another.
 */
export async function publishKeys(
  { ring }: FeedSigner,
  target: Target,
  context: KeysContext,
): Promise<'written' | 'unchanged'> {
  const { store } = target;
  const versions = await publishedVersions(keysExtension, { store, names: [keysExtension] });
  const [newest, ...older] = versions;
  const hash = hashOf(ring);
  const last = newest === undefined ? undefined : await ringIn(newest, store);
  if (last === hash) return 'unchanged';
  const handedOut = await Promise.all([
    ...ringNames.map((name) => store.hash(globalTag, name)),
    ...older.map((version) => ringIn(version, store)),
  ]);
  const former = new Set([last, ...handedOut].filter((one) => one !== undefined));
  former.delete(hash);
  await using scratch = await scratchFolder(context.scratch);
  const loaded = await writeKeysRecipe(scratch.path, ring, [...former].toSorted());
  const version = nextKeysVersion(newest, context.now());
  const { report } = context.ports;
  return await report.group(`Publish the public keys as ${keysExtension} ${version}`, async () => {
    await using created = await createVersion(loaded, { version }, { epoch: 0, format: 'squashfs' }, context);
    const result = await publishVersion(loaded, created, target);
    report.info(`${tagOf({ name: keysExtension, version })}: ${result}`);
    return result === 'published' ? 'written' : 'unchanged';
  });
}

/** `recipeBook`, and what is known of the extension with the keys of `signer`. */
export function withKeysRecipe(recipeBook: RecipeBook, { ring }: FeedSigner): RecipeBook {
  const recipe = keysRecipe(ring);
  const place = { file: keysExtension, line: 1, column: 1 };
  return {
    names: [...new Set([...recipeBook.names, keysExtension])].toSorted(),
    folder: (name) => (name === keysExtension ? keysExtension : recipeBook.folder(name)),
    find: async (name) =>
      name === keysExtension
        ? { recipe, data: undefined, folder: keysExtension, locate: () => place }
        : recipeBook.find(name),
  };
}

/** The hash of the ring in the images of a version. */
async function ringIn(version: string, store: Store): Promise<string | undefined> {
  const tag = tagOf({ name: keysExtension, version });
  const text = await store.read(tag, inputsName(keysExtension, version));
  const record = Inputs.safeParse(jsonOrNothing(text ?? '')).data;
  return Object.values(record?.images ?? {}).find((image) => image !== undefined)?.options[ringOption];
}
