import type { Urls } from './call.ts';
import { iso } from './iso.ts';
import { nodeId } from './node-id.ts';
import type { Asset, Release, Repo } from './state.ts';
import { bot, userJson } from './user-json.ts';

export function releaseJson(urls: Urls, repo: Repo, release: Release): Record<string, unknown> {
  const url = `${urls.apiUrl}/repos/${repo.fullName}/releases/${release.id}`;
  const hasTag = repo.tags.has(release.tag) && !release.draft;
  const archive = (format: string): string =>
    `${urls.apiUrl}/repos/${repo.fullName}/${format}/${encodeURIComponent(release.tag)}`;
  return {
    url,
    html_url: `${urls.serverUrl}/${repo.fullName}/releases/tag/${shownTag(release)}`,
    assets_url: `${url}/assets`,
    upload_url: `${urls.uploadsUrl}/repos/${repo.fullName}/releases/${release.id}/assets{?name,label}`,
    tarball_url: hasTag ? archive('tarball') : null,
    zipball_url: hasTag ? archive('zipball') : null,
    id: release.id,
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    created_at: iso(release.createdAt),
    updated_at: iso(release.updatedAt),
    published_at: release.publishedAt === undefined ? null : iso(release.publishedAt),
    author: userJson(urls, bot),
    assets: release.assets.map((asset) => assetJson(urls, repo, release, asset)),
  };
}

export function assetJson(urls: Urls, repo: Repo, release: Release, asset: Asset): Record<string, unknown> {
  return {
    url: `${urls.apiUrl}/repos/${repo.fullName}/releases/assets/${asset.id}`,
    browser_download_url: downloadUrl(urls, repo, release, asset),
    id: asset.id,
    node_id: nodeId('ReleaseAsset', asset.id),
    name: asset.name,
    label: asset.label,
    state: asset.state,
    content_type: asset.contentType,
    size: asset.size,
    digest: asset.digest,
    download_count: asset.downloads,
    created_at: iso(asset.createdAt),
    updated_at: iso(asset.updatedAt),
    uploader: userJson(urls, bot),
  };
}

export function downloadUrl(urls: Urls, repo: Repo, release: Release, asset: Asset): string {
  const tag = shownTag(release);
  return `${urls.serverUrl}/${repo.fullName}/releases/download/${tag}/${encodeURIComponent(asset.name)}`;
}

/** A draft has no tag yet and goes by a made-up one in URLs. */
function shownTag(release: Release): string {
  return release.draft ? `untagged-${release.id.toString(16).padStart(20, '0')}` : encodeURI(release.tag);
}
