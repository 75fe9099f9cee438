import { renameAsset } from './assets.ts';
import type { FoundRelease } from './find-releases.ts';
import { releaseById, type RemoteRelease } from './remote-release.ts';
import type { Remote } from './remote.ts';
import { newNameBeside, replacedName } from './swap-names.ts';

/**
 * Finishes or takes back the exchanges a killed run was in the middle of. Hosts find nothing under those names, so
 * this comes before anything else is asked or written. Answers the release as it is then.
 */
export async function mendGaps(
  remote: Remote,
  seen: FoundRelease | RemoteRelease,
): Promise<FoundRelease | RemoteRelease> {
  if (missingNames(seen).length === 0) return seen;
  const release: RemoteRelease | undefined = 'uploadUrl' in seen ? seen : await releaseById(remote, seen.id);
  if (release === undefined) return seen;
  const names = new Map<number, string>();
  for (const [name, old] of missingNames(release)) {
    const next = release.assets.find(
      (asset) => asset.name === newNameBeside(old) && asset.state === 'uploaded',
    );
    const chosen = next ?? release.assets.find((asset) => asset.name === old);
    if (chosen === undefined) continue;
    await renameAsset(remote, chosen.id, name, true);
    names.set(chosen.id, name);
    remote.report.info(`${release.tag}/${name}: missing since an interrupted run; restored`);
  }
  return {
    ...release,
    assets: release.assets.map((asset) => ({ ...asset, name: names.get(asset.id) ?? asset.name })),
  };
}

/** Names nobody has, with the name of what had each last. */
function missingNames({ assets }: Pick<FoundRelease, 'assets'>): readonly (readonly [string, string])[] {
  const there = new Set(assets.map(({ name }) => name));
  const replaced = assets.flatMap(({ name: old }) => {
    const name = replacedName(old);
    return name === undefined || there.has(name) ? [] : [[name, old] as const];
  });
  return [...new Map(replaced)];
}
