import { allArches } from '../names/arch.ts';
import { sidecarKinds } from '../names/file-names.ts';
import { globalTag } from '../names/manifest-name.ts';

// Sources of regular expressions that JavaScript and RE2, which Caddy has, read alike: no look-around, no
// back-references. What they accept is what ExtensionName and whyUnpublishable() of the core accept.

/** The one manifest, and the signatures systemd looks for beside it (257: .gpg; from 258 on all four). */
export const manifest = `${globalTag}(?:(?:\\.sha256)?\\.(?:gpg|asc))?`;

/** The public keys of the feed, under both names systemd reads. */
export const ring = 'import-pubring\\.(?:gpg|pgp)';

export const name = '[a-z0-9][a-z0-9-]{0,62}';
export const version = 'v?[0-9](?:(?:\\.?[A-Za-z0-9_+-])*\\.?[A-Za-z0-9])?';
/** Tag of the release of one version. */
export const versionTag = `${name}-${version}`;
/** Tag of any release of an extension: of one version, or of all together. */
export const tag = `${name}(?:-${version})?`;
/** What lies beside an image for dm-verity. */
export const sidecar = sidecarKinds.join('|');
/** A limited series as file names have it: `v1` or `v1.34`. */
export const stream = 'v[0-9]+(?:\\.[0-9]+)?';
export const arch = allArches.join('|');
export const transferEnding = 'conf|transfer';
export const folders = '(?:[A-Za-z0-9][A-Za-z0-9._+-]*/)*';

/**
 * Request targets, as they came, that name nothing: a path must reach everybody as the same segments, so
 * there are no empty ones, no dots, and no encoded slashes.
 */
export const refusedTarget = '^[^?]*(?://|%2[Ff]|/(?:\\.|%2[Ee]){1,2}(?:[/?]|$))';

/**
 * Decoded paths that fit a route and name nothing all the same: git refuses tags that end in ".lock", systemd
 * takes the first "-ARCH.raw" for the end of a file name, and no file name is longer than 255 bytes.
 */
export const refusedPath = `-(?:${arch})\\.raw.|\\.lock(?:/|-(?:${arch})\\.(?:raw|${sidecar})$|\\.inputs\\.json$|\\.(?:${transferEnding})$)|[^/]{256}`;
