import type { Side } from '../../compare/comparison.ts';
import { compareImages } from '../../compare/comparison.ts';
import { comparisonMarkdown } from '../../compare/markdown.ts';
import { publishedSide } from '../../compare/sides.ts';
import { formats } from '../../image/formats.ts';
import { asUserError } from '../../lifetime/file-errors.ts';
import { scratchFolder } from '../../lifetime/scratch.ts';
import { parseImageName } from '../../names/file-names.ts';
import { tagOf } from '../../names/tag.ts';
import type { Store } from '../../store/store.ts';
import { compareVersions } from '../../systemd/compare.ts';
import type { CreateContext } from './create.ts';
import type { VersionImages } from './version-images.ts';

export interface ChangesContext extends Pick<
  CreateContext,
  'ports' | 'scratch' | 'path' | 'isRoot' | 'requireTools'
> {
  readonly store: Store;
}

/**
 * What is new since the version before, as Markdown for the notes of a release: one arch stands for all. Notes are no
 * reason to keep a version back, so what keeps them from being made is a warning.
 */
export async function changesSince(
  { images, inputs }: VersionImages,
  context: ChangesContext,
): Promise<string | undefined> {
  const [image] = images;
  if (image === undefined) return undefined;
  try {
    const before = await versionBefore(inputs, context.store);
    if (before === undefined) return undefined;
    await using folder = await scratchFolder(context.scratch);
    const id = { name: inputs.name, version: before, arch: image.arch };
    const from = await publishedSide(id, context.store, folder.path);
    const to: Side = {
      name: image.inputs.file,
      path: image.path,
      record: { image: image.inputs, version: inputs },
    };
    await context.requireTools([...formats.squashfs.reads]);
    const comparison = await compareImages(from, to, {
      ...context,
      ...context.ports,
      temporary: folder.path,
    });
    return `## Changes since ${before}\n\n${comparisonMarkdown(comparison)}`;
  } catch (error) {
    const known = asUserError(error);
    if (known === undefined) throw error;
    context.ports.report.warn(`${tagOf(inputs)}: its notes will not say what is new: ${known.message}`);
    return undefined;
  }
}

/** The newest published version that is older, in the order of systemd. */
async function versionBefore(
  { name, version }: { readonly name: string; readonly version: string },
  store: Store,
): Promise<string | undefined> {
  const tags = await store.publishedTags(`${name}-`);
  const older = [...tags]
    .map((tag) => tag.slice(name.length + 1))
    // `docker-compose-2.1` begins like a version of docker.
    .filter((one) => /^v?\d/.test(one) && compareVersions(one, version) < 0)
    .toSorted((a, b) => compareVersions(b, a));
  for (const one of older) {
    const [release] = await store.releases([tagOf({ name, version: one })]);
    if (release?.assets.some((asset) => parseImageName(asset.name, name)?.version === one) === true)
      return one;
  }
  return undefined;
}
