import type { Values } from '../language/template.ts';
import { type Arch, archNames } from '../names/arch.ts';
import { bareVersion } from '../names/bare.ts';
import { requirePublishable } from '../names/publishable.ts';

export const versionPlaceholders = ['version', 'bare', 'major', 'minor', 'patch', 'build'] as const;
/** Everywhere in a recipe, beside its options and the keys of `each`. */
export const commonPlaceholders = [
  'name',
  ...versionPlaceholders,
  'arch',
  'systemd-arch',
  'go-arch',
  'gnu-arch',
] as const;
/** Inside integrity and signature only: the artifact’s address and the last part of it. */
export const artifactPlaceholders = ['url', 'base'] as const;
export const reservedPlaceholders: readonly string[] = [
  ...commonPlaceholders,
  ...artifactPlaceholders,
  'branch',
];

/**
 * What a version stands for in templates. `v1.32.2+k3s1` → version as is, bare `1.32.2+k3s1`, major `1`,
 * minor `1.32`, patch `1.32.2`, build `k3s1`. A part the version does not have is absent.
 * UserError when the version cannot be published.
 */
export function versionValues(version: string): Values {
  requirePublishable(version);
  const bare = bareVersion(version);
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(bare);
  const build = /\+(.+)$/.exec(bare)?.[1];
  if (parts === null) return { version, bare, ...(build === undefined ? {} : { build }) };
  const [, major = '', minor, patch] = parts;
  return {
    version,
    bare,
    major,
    ...(minor === undefined ? {} : { minor: `${major}.${minor}` }),
    ...(minor === undefined || patch === undefined ? {} : { patch: `${major}.${minor}.${patch}` }),
    ...(build === undefined ? {} : { build }),
  };
}

/** The two spellings most upstreams use, for entries whose {arch} says something else (k3s: suffix and sums). */
function archValues(arch: Arch): Values {
  const { go, gnu } = archNames(arch);
  return { 'go-arch': go, 'gnu-arch': gnu };
}

/** All that is the same for every entry of a recipe. */
export function commonValues(facts: {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
  readonly archToken: string;
  readonly options: Values;
}): Values {
  return {
    name: facts.name,
    ...versionValues(facts.version),
    arch: facts.archToken,
    'systemd-arch': facts.arch,
    ...archValues(facts.arch),
    ...facts.options,
  };
}
