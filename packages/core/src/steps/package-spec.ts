import { UserError } from '../diagnostics/user-error.ts';

/** What a recipe asks of a distribution: a package, or one version of it. */
interface PackageSpec {
  readonly name: string;
  /** Start of the version, or all of it. */
  readonly version: string | undefined;
}

/** Reads `NAME`, `NAME=VERSION`, `NAME=VERSION*` (apt) and `NAME~=VERSION`, `NAME~VERSION` (apk). */
function parseSpec(text: string): PackageSpec {
  const [, name = text, version] = /^([^=~<>]+)(?:~=|=~|=|~)(.+)$/.exec(text) ?? [];
  return { name, version: version?.replace(/\*$/, '') };
}

/**
 * Every version asked for must be there: `installed` has lines `NAME VERSION`. `1.4` stands for `1.4-2` and
 * `1.4.1-r0`, and for no `1.40`; an epoch in front (`1:1.4`) does not count unless asked for.
 */
export function requirePackages(wanted: readonly string[], installed: readonly string[]): void {
  const versions = new Map(installed.map((line) => [line.split(' ')[0], line.split(' ')[1] ?? '']));
  for (const { name, version } of wanted.map(parseSpec)) {
    const got = versions.get(name);
    if (got === undefined) {
      throw new UserError('build.package', `package ${name}: expected it to be installed, it is not`);
    }
    if (version !== undefined && !isVersion(version, got)) {
      throw new UserError('build.package', `package ${name}: expected version ${version}, got ${got}`, {
        hint: 'a distribution ships one version at a time: build that one, or take another suite or image',
      });
    }
  }
}

/** The upstream part of a distribution’s version: `1.4` of `2:1.4-3+b1`, `1.4-r0` and `1.4+dfsg-1`. */
export function upstreamVersion(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~](dfsg|ds|repack|really).*$/, '');
}

function isVersion(wanted: string, got: string): boolean {
  const plain = wanted.includes(':') ? got : got.replace(/^\d+:/, '');
  if (!plain.startsWith(wanted)) return false;
  const next = plain.charAt(wanted.length);
  return next === '' || /[^\w]/.test(next) || /\D$/.test(wanted);
}
