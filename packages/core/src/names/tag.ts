import { UserError } from '../diagnostics/user-error.ts';
import { ExtensionName, requireExtensionName } from './extension-name.ts';
import { holdsImageEnd } from './image-end.ts';
import { globalTag } from './manifest-name.ts';
import { requirePublishable, whyUnpublishable } from './publishable.ts';

/** What a release tag stands for. */
export type Tag =
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  | { readonly kind: 'metadata'; readonly name: string }
  | { readonly kind: 'global' }
  | { readonly kind: 'other' };

/** The tag of a version that exists; `releaseTag` is for one that is about to. */
export function tagOf(version: { readonly name: string; readonly version: string }): string {
  return `${version.name}-${version.version}`;
}

/** `NAME-VERSION`: the tag of one version’s release; refuses what hosts or stores cannot carry. */
export function releaseTag(name: string, version: string): string {
  requireExtensionName(name);
  requirePublishable(version);
  if (holdsImageEnd(version)) {
    throw new UserError(
      'name.invalid',
      `version "${version}" cannot be published: systemd takes the first "-ARCH.raw" of a file name for its end`,
    );
  }
  return `${name}-${version}`;
}

/**
 * Reads a release tag. Of the known extension names the longest that fits wins; a tag of an unknown
 * extension is read as NAME-VERSION where the version starts with a digit or "v" and a digit. A bare
 * word that is no known name is `other`: nothing tells it from a branch-like tag such as `latest`.
 */
export function parseTag(tag: string, names: Iterable<string>): Tag {
  if (tag === globalTag) return { kind: 'global' };
  const known = [...names].filter((name) => tag === name || tag.startsWith(`${name}-`));
  if (known.includes(tag)) return { kind: 'metadata', name: tag };
  for (const name of known.toSorted((a, b) => b.length - a.length)) {
    const version = tag.slice(name.length + 1);
    if (whyUnpublishable(version) === undefined) return { kind: 'version', name, version };
  }
  return parseUnknown(tag);
}

function parseUnknown(tag: string): Tag {
  // The shortest name, as a name cannot end like a version.
  const [, name = '', version = ''] = /^([a-z0-9][a-z0-9-]*?)-(v?\d.*)$/.exec(tag) ?? [];
  const fits = ExtensionName.safeParse(name).success && whyUnpublishable(version) === undefined;
  return fits ? { kind: 'version', name, version } : { kind: 'other' };
}
