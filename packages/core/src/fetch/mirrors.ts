import { UserError } from '../diagnostics/user-error.ts';
import { parsePairs } from '../language/pairs.ts';

/** Addresses that start with `prefix` are fetched from `target` instead. */
export interface Mirror {
  readonly prefix: string;
  readonly target: string;
}

/** On equally long prefixes the first wins: put what overrides in front. */
export type Mirrors = readonly Mirror[];

/** Reads `PREFIX=TARGET,PREFIX=TARGET`; `source` names the text in errors, e.g. `BAKERY_MIRRORS`. */
export function parseMirrors(text: string, source: string): Mirrors {
  return checkAll(toMirrors(parsePairs(text, source, form)), source);
}

/** Reads the `mirrors:` map of bakery.yaml. */
export function mirrorsFromMap(map: Readonly<Record<string, string>>, source: string): Mirrors {
  return checkAll(toMirrors(Object.entries(map)), source);
}

/** The address to ask for `url`: the longest prefix wins. */
export function mirrored(url: string, mirrors: Mirrors): string {
  const mirror = longestMatch(url, mirrors);
  return mirror === undefined ? url : mirror.target + url.slice(mirror.prefix.length);
}

/** The registry a package comes from when a mirror of `npm:`, `npm:@scope/` or `npm:NAME` says so. */
export function mirroredRegistry(packageName: string, mirrors: Mirrors): string | undefined {
  return longestMatch(`npm:${packageName}`, mirrors)?.target;
}

function longestMatch(address: string, mirrors: Mirrors): Mirror | undefined {
  return mirrors
    .filter(({ prefix }) => (isFolder(prefix) ? address.startsWith(prefix) : address === prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}

function isFolder(prefix: string): boolean {
  return prefix.endsWith('/') || prefix === 'npm:';
}

const form = { pattern: /^(.+?)=(https?:\/\/.*)$/, shown: 'PREFIX=http(s)://TARGET' };

function toMirrors(pairs: readonly (readonly [string, string])[]): Mirror[] {
  return pairs.map(([prefix, target]) => ({ prefix, target }));
}

function checkAll(mirrors: Mirrors, source: string): Mirrors {
  const seen = new Set<string>();
  for (const mirror of mirrors) {
    check(mirror, source);
    if (seen.has(mirror.prefix)) {
      throw new UserError(
        'input.invalid',
        `${source}: expected every prefix once, got "${mirror.prefix}" twice`,
      );
    }
    seen.add(mirror.prefix);
  }
  return mirrors;
}

function check({ prefix, target }: Mirror, source: string): void {
  if (!/^(https?:\/\/|npm:)/.test(prefix)) {
    throw new UserError(
      'input.invalid',
      `${source}: expected a prefix that starts with https://, http:// or npm:, got "${prefix}"`,
    );
  }
  if (!/^https?:\/\//.test(target) || !URL.canParse(target)) {
    throw new UserError(
      'input.invalid',
      `${source}: expected an http(s) address for "${prefix}", got "${target}"`,
    );
  }
  // Without the slash https://example.org would also match https://example.org.evil/.
  if (!prefix.startsWith('npm:') && prefix.endsWith('/') !== target.endsWith('/')) {
    throw new UserError(
      'input.invalid',
      `${source}: expected "/" at the end of both prefix and target, or of neither (one single file), got "${prefix}" and "${target}"`,
    );
  }
}
