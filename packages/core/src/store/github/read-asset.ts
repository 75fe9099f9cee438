import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashFile } from '../../fetch/hash-file.ts';
import { readBytes } from '../../fetch/read-bytes.ts';
import { manifestName } from '../../names/manifest-name.ts';
import type { Asset } from '../store.ts';
import type { RemoteAsset } from './assets.ts';
import { releaseByTag } from './remote-release.ts';
import { isAnonymous, pause, type Remote } from './remote.ts';
import { replacedName } from './swap-names.ts';

/**
 * The text of a published asset. The download page costs no API requests; only what it does not have is
 * looked for by the API, which also sees private repositories and an asset whose replacement was cut short.
 */
export async function readAsset(remote: Remote, tag: string, name: string): Promise<string | undefined> {
  const text = await remote.http.text(downloadUrl(remote, tag, name));
  // Enterprise Servers in private mode send everybody to a login page.
  if (text !== undefined && !/^\s*<(?:!doctype|html)/i.test(text)) return text;
  const body = await openByApi(remote, tag, name);
  if (body === undefined) return undefined;
  return (await readBytes(downloadUrl(remote, tag, name), { body }, maxTextBytes)).toString('utf8');
}

const maxTextBytes = 64 * 1024 ** 2; // as much as a download page may answer

/**
 * Whether readers find any of these assets; undefined where the download page cannot tell. It speaks for all files of
 * a release whose manifest it has.
 */
export async function offersAny(
  remote: Remote,
  tag: string,
  names: readonly string[],
): Promise<boolean | undefined> {
  const isOffered = async (name: string): Promise<boolean> => {
    const { status, headers, body } = await remote.http.get(downloadUrl(remote, tag, name), {
      method: 'HEAD',
    });
    await body.cancel();
    return status === 200 && !isLogin(headers);
  };
  const [isPublic, ...offered] = await Promise.all([manifestName, ...names].map(isOffered));
  return offered.includes(true) || (isPublic === true ? false : undefined);
}

/** Whether all of these assets are there for readers; costs no API requests where everybody may read. */
export async function isServed(remote: Remote, tag: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const answer = await remote.http.get(downloadUrl(remote, tag, name), { method: 'HEAD' });
    await answer.body.cancel();
    if (answer.status !== 200 || isLogin(answer.headers)) {
      const there = new Set((await uploadedAssets(remote, tag)).map((asset) => asset.name));
      return names.every((one) => there.has(one));
    }
  }
  return true;
}

/** Enterprise Servers in private mode send everybody to a page of their own. */
function isLogin(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('text/html') === true;
}

/** The SHA-256 of what readers get for an asset, read whole; `undefined` when there is none. */
export async function hashAsset(remote: Remote, tag: string, name: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const body = await openAsset(remote, tag, name);
    if (body === undefined) return undefined;
    const hash = createHash('sha256');
    const cut = await pipeline(Readable.fromWeb(body), hash).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (cut === undefined) return hash.digest('hex');
    if (attempt === maxAttempts) {
      throw new UserError('store.damaged', `release ${tag}: ${name}: expected all of it, got a part`, {
        cause: cut,
      });
    }
    await pause(remote, attempt);
  }
}

const maxAttempts = 3;

/** Downloads an asset into the file `path` and proves that it is whole. */
export async function downloadAsset(remote: Remote, tag: string, asset: Asset, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const body = await openAsset(remote, tag, asset.name);
    if (body === undefined) {
      throw new UserError('store.damaged', `release ${tag}: expected a file ${asset.name}, got none`, {
        hint: 'run again',
      });
    }
    const isCut = await pipeline(Readable.fromWeb(body), createWriteStream(path)).then(
      () => false,
      () => true,
    );
    if (!isCut && (asset.sha256 === undefined || (await hashFile(path)) === asset.sha256)) return;
    if (attempt === maxAttempts) {
      const expected = `expected SHA-256 ${asset.sha256 ?? 'of any value'}`;
      throw new UserError(
        'store.damaged',
        `release ${tag}: ${asset.name}: ${expected}, got other or fewer bytes`,
      );
    }
    await pause(remote, attempt);
  }
}

/** The download page first: it costs no API requests. */
async function openAsset(remote: Remote, tag: string, name: string) {
  const answer = await remote.http.get(downloadUrl(remote, tag, name));
  if (answer.status === 200) return answer.body;
  await answer.body.cancel();
  return openByApi(remote, tag, name);
}

async function openByApi(remote: Remote, tag: string, name: string) {
  if (isAnonymous(remote)) return undefined;
  const assets = await uploadedAssets(remote, tag);
  const asset =
    assets.find((candidate) => candidate.name === name) ??
    assets.find((candidate) => replacedName(candidate.name) === name);
  if (asset === undefined) return undefined;
  const { owner, repo, client } = remote;
  const response = await client.octokit.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
    owner,
    repo,
    asset_id: asset.id,
    headers: { accept: 'application/octet-stream' },
    request: { parseSuccessResponseBody: false },
  });
  const data: unknown = response.data;
  if (data instanceof ReadableStream) return data;
  throw new Error('expected Octokit to hand over the body as a stream');
}

export async function isStump(remote: Remote, tag: string, name: string): Promise<boolean> {
  const release = await releaseByTag(remote, tag);
  return release?.assets.some((asset) => asset.name === name && asset.state !== 'uploaded') === true;
}

/** Without those whose upload was cut short: they are listed, and nobody gets them. */
async function uploadedAssets(remote: Remote, tag: string): Promise<readonly RemoteAsset[]> {
  const release = await releaseByTag(remote, tag);
  return (release?.assets ?? []).filter(({ state }) => state === 'uploaded');
}

function downloadUrl({ client, owner, repo }: Remote, tag: string, name: string): string {
  const path = [owner, repo, 'releases', 'download', tag, name].map(encodeURIComponent).join('/');
  return `${client.config.serverUrl}/${path}`;
}
