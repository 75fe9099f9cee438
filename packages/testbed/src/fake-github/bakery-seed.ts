import { readFile } from 'node:fs/promises';
import { sha256 } from './asset-bytes.ts';
import type { FakeGithub } from './fake-github.ts';
import type { SeedAsset, SeedRelease } from './seed.ts';

export interface BakerySize {
  /** `OWNER/NAME` of the bakery. */
  readonly repo: string;
  /** How many times the 580 real tags; further copies have `.2`, `.3` … after their version. 1 when left out. */
  readonly factor?: number | undefined;
  /** Upstream projects to make, each with that many releases. */
  readonly upstreams?: readonly string[] | undefined;
  /** 150 when left out. */
  readonly releasesEach?: number | undefined;
}

const hour = 3_600_000;
const arches = ['x86-64', 'arm64'];

/**
 * Makes a bakery with the releases of the reference one: images for both arches and a SHA256SUMS in every
 * version, all lines in the release of the extension, everything in the release `SHA256SUMS`.
 */
export async function seedBakery(fake: FakeGithub, size: BakerySize, now: number): Promise<void> {
  const text = await readFile(new URL('../../data/bakery-tags.txt', import.meta.url), 'utf8');
  const tags = text.split('\n').filter((tag) => tag !== '');
  const extensions = tags.filter((tag) => tags.some((other) => other.startsWith(`${tag}-`)));
  const manifests = new Map<string, string[]>(extensions.map((name) => [name, []]));
  const releases = tags
    .flatMap((tag) => copies(tag, extensionOf(tag, extensions) === undefined ? 1 : (size.factor ?? 1)))
    .map((tag): SeedRelease => {
      const extension = extensionOf(tag, extensions);
      if (extension === undefined) {
        return { tag };
      }
      const images = arches.map((arch) => image(size.repo, tag, `${tag}-${arch}.raw`));
      const lines = images.map(({ name, digest }) => `${digest}  ${name}\n`);
      manifests.get(extension)?.push(...lines);
      const manifest = { name: 'SHA256SUMS', text: lines.join('') };
      return { tag, assets: [...images.map(({ asset }) => asset), manifest] };
    })
    .map((release, age) => ({ ...release, createdAt: new Date(now - age * hour).toISOString() }));
  // The manifests are complete only now.
  fake.addRepo(size.repo, { releases: releases.map((release) => withMetadata(release, manifests)) });
  for (const upstream of size.upstreams ?? []) {
    const count = size.releasesEach ?? 150;
    const versions = Array.from({ length: count }, (_, age) => versionOf(count - age));
    fake.seedUpstream(upstream, versions, [{ name: 'linux-amd64.tar.gz' }, { name: 'linux-arm64.tar.gz' }]);
  }
}

function copies(tag: string, factor: number): readonly string[] {
  return [tag, ...Array.from({ length: factor - 1 }, (_, copy) => `${tag}.${copy + 2}`)];
}

/** Whose version a tag is; undefined for extensions’ own tags and everything else. */
function extensionOf(tag: string, extensions: readonly string[]): string | undefined {
  if (extensions.includes(tag)) {
    return undefined;
  }
  const fitting = extensions.filter((name) => tag.startsWith(`${name}-`));
  return fitting.toSorted((one, other) => other.length - one.length)[0];
}

function image(
  repo: string,
  tag: string,
  name: string,
): { readonly name: string; readonly digest: string; readonly asset: SeedAsset } {
  const text = `image of ${repo} ${tag} ${name}\n`;
  return { name, digest: sha256(text), asset: { name, text } };
}

function withMetadata(release: SeedRelease, manifests: ReadonlyMap<string, readonly string[]>): SeedRelease {
  const isGlobal = release.tag === 'SHA256SUMS';
  const lines = isGlobal ? [...manifests.values()].flat() : manifests.get(release.tag);
  if (lines === undefined) {
    return release;
  }
  const manifest = { name: 'SHA256SUMS', text: lines.join('') };
  const conf = { name: `${release.tag}.conf`, text: `# transfer of ${release.tag}\n` };
  return { ...release, latest: isGlobal, assets: isGlobal ? [manifest] : [manifest, conf] };
}

/** `v1.14.9` is the 150th, ten patches to a minor. */
function versionOf(number: number): string {
  return `v1.${Math.floor(number / 10)}.${number % 10}`;
}
