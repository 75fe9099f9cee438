import type { RepoCall } from './call.ts';
import { connection, type Connection, type PageArguments } from './graphql-connection.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';
import { latestRelease, newestFirst } from './publish.ts';
import { downloadUrl } from './release-json.ts';
import { publishedRelease, type Asset, type Release } from './state.ts';

interface Order {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}
interface Ordered extends PageArguments {
  readonly orderBy?: Order | null;
}
interface RefsArguments extends Ordered {
  readonly refPrefix: string;
  readonly query?: string | null;
}
type Node = Readonly<Record<string, unknown>>;

/** A repository as the GraphQL executor walks it: fields are values or functions of their arguments. */
export function repositoryNode(call: Pick<RepoCall, 'repo' | 'world' | 'canPush'>): Node {
  const { repo, world, canPush } = call;

  function releases(args: Ordered): Connection<Node> {
    const visible = repo.releases.values().filter((release) => canPush || !release.draft);
    const sorted = visible.toArray().toSorted(args.orderBy?.field === 'NAME' ? byName : newestFirst);
    // GitHub’s default and `DESC` by date are newest first; by name, `ASC` is A to Z.
    const isReversed = args.orderBy?.direction === (args.orderBy?.field === 'NAME' ? 'DESC' : 'ASC');
    const listed = isReversed ? sorted.toReversed() : sorted;
    return connection('releases', listed, args, releaseNode, world.sizes.listedReleases);
  }

  /** Unlike REST this finds drafts too, for who may push; `gh` relies on it. */
  function releaseByTag(tag: string): Release | undefined {
    const published = publishedRelease(repo, tag);
    const drafts = repo.releases.values().filter((release) => release.draft && release.tag === tag);
    return published ?? (canPush ? drafts.toArray().toSorted(newestFirst)[0] : undefined);
  }

  function releaseNode(release: Release): Node {
    const commit = repo.tags.get(release.tag);
    return {
      id: nodeId('Release', release.id),
      databaseId: release.id,
      tagName: release.tag,
      name: release.name,
      description: release.body,
      isDraft: release.draft,
      isPrerelease: release.prerelease,
      isLatest: () => latestRelease(repo)?.id === release.id,
      immutable: release.immutable,
      createdAt: iso(release.createdAt),
      updatedAt: iso(release.updatedAt),
      publishedAt: release.publishedAt === undefined ? null : iso(release.publishedAt),
      url: `${world.urls.serverUrl}/${repo.fullName}/releases/tag/${encodeURI(release.tag)}`,
      tagCommit: () => (commit === undefined ? null : commitNode(commit)),
      releaseAssets: (args: PageArguments & { readonly name?: string | null }) => {
        const wanted = release.assets.filter(({ name }) => name === (args.name ?? name));
        return connection('releaseAssets', wanted, args, (asset) => assetNode(release, asset));
      },
    };
  }

  function assetNode(release: Release, asset: Asset): Node {
    return {
      id: nodeId('ReleaseAsset', asset.id),
      name: asset.name,
      contentType: asset.contentType,
      size: asset.size,
      digest: asset.digest,
      downloadCount: asset.downloads,
      downloadUrl: downloadUrl(world.urls, repo, release, asset),
      url: `${world.urls.apiUrl}/repos/${repo.fullName}/releases/assets/${asset.id}`,
      createdAt: iso(asset.createdAt),
      updatedAt: iso(asset.updatedAt),
    };
  }

  function refs(args: RefsArguments): Connection<Node> | null {
    const names = refNames(args.refPrefix);
    const matching = names.filter(([name]) => name.includes(args.query ?? ''));
    const byDate = args.orderBy?.field === 'TAG_COMMIT_DATE';
    const sorted = matching.toSorted(([one, sha], [other, otherSha]) =>
      byDate ? dateOf(sha) - dateOf(otherSha) : one < other ? -1 : 1,
    );
    const listed = args.orderBy?.direction === 'DESC' ? sorted.toReversed() : sorted;
    return connection('refs', listed, args, ([name, sha]) => refNode(args.refPrefix, name, sha));
  }

  function refNames(prefix: string): (readonly [string, string])[] {
    if (prefix === 'refs/heads/') {
      return [...repo.branches];
    }
    return prefix === 'refs/tags/' ? [...repo.tags] : [];
  }

  function refNode(prefix: string, name: string, sha: string): Node {
    return { id: nodeId('Ref', `${repo.id}:${prefix}${name}`), name, prefix, target: commitNode(sha) };
  }

  function commitNode(sha: string): Node {
    return {
      __typename: 'Commit',
      id: nodeId('Commit', sha),
      oid: sha,
      abbreviatedOid: sha.slice(0, 7),
      committedDate: iso(dateOf(sha)),
    };
  }

  function dateOf(sha: string): number {
    return repo.commits.get(sha) ?? 0;
  }

  const maybe = (release: Release | undefined): Node | null =>
    release === undefined ? null : releaseNode(release);
  return {
    id: nodeId('Repository', repo.id),
    name: repo.fullName.split('/')[1],
    nameWithOwner: repo.fullName,
    isPrivate: repo.private,
    url: `${world.urls.serverUrl}/${repo.fullName}`,
    defaultBranchRef: () =>
      refNode('refs/heads/', repo.defaultBranch, repo.branches.get(repo.defaultBranch) ?? ''),
    latestRelease: () => maybe(latestRelease(repo)),
    release: ({ tagName }: { readonly tagName: string }) => maybe(releaseByTag(tagName)),
    releases,
    ref: ({ qualifiedName }: { readonly qualifiedName: string }) => {
      const [, prefix = '', name = ''] = /^(refs\/\w+\/)(.+)$/.exec(qualifiedName) ?? [];
      const sha = refNames(prefix).find(([candidate]) => candidate === name)?.[1];
      return sha === undefined ? null : refNode(prefix, name, sha);
    },
    refs,
  };
}

function byName(one: Release, other: Release): number {
  return (one.name ?? one.tag) < (other.name ?? other.tag) ? -1 : 1;
}
