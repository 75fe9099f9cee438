import { UserError } from '../../diagnostics/user-error.ts';
import { statusOf } from '../../github/refusal.ts';
import { newestReleases } from './remote-release.ts';
import type { Remote } from './remote.ts';

/**
 * Immutable releases suit versions, but an index must change, and the tag of an immutable release that was
 * deleted can never be used again: so look before one is made.
 * https://docs.github.com/code-security/supply-chain-security/understanding-your-software-supply-chain/immutable-releases
 */
export async function refuseImmutableSetting(remote: Remote, tag: string): Promise<void> {
  if (await isSettingOn(remote)) throw refusal(remote, tag);
}

export function refuseImmutable(
  remote: Remote,
  release: { readonly tag: string; readonly isImmutable: boolean },
): void {
  if (release.isImmutable) throw refusal(remote, release.tag);
}

/** Only administrators may read the setting, and no GITHUB_TOKEN is one; to others the newest release tells. */
async function isSettingOn(remote: Remote): Promise<boolean> {
  const { owner, repo, client } = remote;
  try {
    const route = 'GET /repos/{owner}/{repo}/immutable-releases';
    const { data } = await client.octokit.request(route, { owner, repo });
    return data.enabled;
  } catch (error) {
    if (![403, 404].includes(statusOf(error) ?? 0)) throw error;
  }
  const newest = (await newestReleases(remote)).find((release) => !release.isDraft);
  return newest?.isImmutable === true;
}

function refusal({ owner, repo }: Remote, tag: string): UserError {
  const hint =
    'turn off "immutable releases" in the settings of the repository, or keep the index in another one';
  return new UserError(
    `${owner}/${repo}: expected release ${tag}, an index, to be changeable, got immutable releases`,
    { hint },
  );
}
