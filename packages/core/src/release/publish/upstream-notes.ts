import type { ImageInputs } from '../../provenance/inputs.ts';
import type { Recipe } from '../../recipe/schema.ts';

/**
 * Where upstream says what is new: the release that an artifact is an asset of, else the releases of the repository
 * that versions come from; `undefined` where neither is known.
 */
export function upstreamNotes(
  { versions }: Pick<Recipe, 'versions'>,
  { artifacts }: Pick<ImageInputs, 'artifacts'>,
): string | undefined {
  for (const { url } of artifacts) {
    const [, repository, tag] =
      /^(https:\/\/github\.com\/[^/]+\/[^/]+)\/releases\/download\/([^/]+)\//.exec(url) ?? [];
    if (repository !== undefined) return `${repository}/releases/tag/${tag}`;
  }
  const isOnGithub = versions.from === 'github-releases' || versions.from === 'github-tags';
  return isOnGithub ? `https://github.com/${versions.repo}/releases` : undefined;
}
