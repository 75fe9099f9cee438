import { z } from 'zod';
import { nearNames } from '../../diagnostics/near-names.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import type { Expected } from '../hashing.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';
import { integrityKind } from './integrity-kind.ts';
import { parseHash } from './literal.ts';

/** The digest GitHub computed when the asset was uploaded; assets from before June 2025 have none. */
export const githubIntegrity = integrityKind({
  kind: 'github',
  form: 'github',
  schema: z
    .literal('github')
    .describe('The digest GitHub computed for the release asset.')
    .transform(() => ({ kind: 'github' as const })),
  expect: (_value, context) => expectGithub(context),
  problem: (url) =>
    /^https:\/\/github\.com\/[^/]+\/[^/]+\/releases\/download\//.test(url)
      ? undefined
      : 'expected the address of a GitHub release asset for "github", got another one',
});

export interface GithubAsset {
  readonly owner: string;
  readonly repo: string;
  readonly tag: string;
  readonly asset: string;
}

async function expectGithub({ url, documents, githubApi }: IntegrityContext): Promise<Expectation> {
  const asset = parseAssetUrl(url);
  const { owner, repo, tag } = asset;
  const api = `${githubApi}/repos/${owner}/${repo}/releases/tags/${encodeURIComponent(tag)}`;
  const text = await documents.read(api);
  if (text === undefined)
    throw new UserError('fetch.no-hash', `${url}: expected a release ${tag} of ${owner}/${repo}, got none`);
  return { kind: 'hash', expected: findDigest(text, asset, api) };
}

/** Reads `https://github.com/OWNER/REPO/releases/download/TAG/ASSET`; a tag may hold slashes. */
export function parseAssetUrl(url: string): GithubAsset {
  const match = /^https:\/\/github\.com\/([\w.-]+)\/([\w.-]+)\/releases\/download\/([^?#]+)\/([^/?#]+)$/.exec(
    url,
  );
  const [, owner, repo, tag, asset] = match ?? [];
  if (owner === undefined || repo === undefined || tag === undefined || asset === undefined) {
    throw new UserError(
      'recipe.invalid',
      `${url}: integrity github expects https://github.com/OWNER/REPO/releases/download/TAG/ASSET`,
    );
  }
  return { owner, repo, tag: decode(tag, url), asset: decode(asset, url) };
}

const ReleaseAnswer = z.object({
  assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
});

/** Finds the digest in the answer to `GET /repos/O/R/releases/tags/TAG`; `source` is its address. */
export function findDigest(text: string, { asset }: GithubAsset, source: string): Expected {
  const { assets } = parseRelease(text, source);
  const found = assets.find(({ name }) => name === asset);
  if (found === undefined) {
    const near = nearNames(
      asset,
      assets.map(({ name }) => name),
    );
    throw new UserError(
      'fetch.no-hash',
      `${source}: expected an asset ${asset}, got ${near.join(', ') || 'no assets'}`,
    );
  }
  if (found.digest) return parseHash(found.digest, source);
  throw new UserError('fetch.no-hash', `${source}: expected a digest of ${asset}, got none`, {
    hint: 'assets from before June 2025 have none: use {from}, {sums} or {lock}',
  });
}

function parseRelease(text: string, source: string): z.infer<typeof ReleaseAnswer> {
  try {
    return ReleaseAnswer.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'github.unexpected',
      `${source}: expected a GitHub release, got ${JSON.stringify(text.slice(0, 80))}`,
      {
        cause,
      },
    );
  }
}

function decode(part: string, url: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new UserError('fetch.address', `${url}: expected %XX escapes of UTF-8, got "${part}"`, { cause });
  }
}
