import { UserError } from '../../diagnostics/user-error.ts';
import { upstreamVersion } from '../../names/revision.ts';
import type { Report } from '../../ports/report.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import { formVersion, normaliseVersion } from '../../versions/normalise.ts';
import type { Upstream } from './upstream.ts';

/** A version as published, from what a person typed: `latest`, or one with or without `v`. */
export async function findVersion(
  { recipe }: LoadedRecipe,
  version: string,
  { upstream, report }: { readonly upstream: Upstream; readonly report: Report },
): Promise<string> {
  if (version === 'latest') {
    const [newest] = await upstream.latest(recipe.name);
    if (newest !== undefined) return newest;
    throw new UserError('version.none', `${recipe.name}: expected a latest version, found none`);
  }
  const found = await upstream.found(recipe.name).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    // Without a network its looks must do.
    report.warn(`cannot look up ${version}, using it as given: ${error.message}`);
    return undefined;
  });
  const asked = upstreamVersion(version);
  const text =
    found === undefined
      ? formVersion(recipe.name, asked, recipe.versions)
      : normaliseVersion(recipe.name, asked, found);
  return text + version.slice(asked.length);
}
