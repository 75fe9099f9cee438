import { z } from 'zod';
import { ExtensionName } from '../names/extension-name.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Time = z.iso.datetime().describe('UTC, to the second: 2026-03-01T04:05:06Z.');
const Url = z.url({ protocol: /^https?$/ });

/** A file that lies beside others of a release. */
export const CatalogueFile = z.object({ file: z.string(), url: Url });
export type CatalogueFile = z.infer<typeof CatalogueFile>;

export const CatalogueImage = CatalogueFile.extend({
  arch: z.string().describe('As systemd calls it: x86-64, arm64.'),
  size: z.int().optional().describe('Bytes of the file.'),
  sha256: Hash,
  sha512: z
    .string()
    .regex(/^[0-9a-f]{128}$/)
    .optional()
    .describe('Where somebody computed it.'),
  format: z.string().optional().describe('squashfs, erofs, …'),
  unpackedSize: z
    .int()
    .optional()
    .describe('Bytes of all files inside, each counted once; where it was recorded.'),
});
export type CatalogueImage = z.infer<typeof CatalogueImage>;

const Verdict = z.object({
  verdict: z.string().describe('passed, failed, or another word of whoever judged.'),
  at: Time.optional(),
  url: Url.optional().describe('Where more is said.'),
});

export const CatalogueVersion = z.object({
  version: z.string().describe('As it is published; the v is kept or dropped once and for ever.'),
  date: Time.optional().describe('When it was published, where the store knows.'),
  state: z
    .enum(['ok', 'yanked', 'eol'])
    .describe('yanked: withdrawn, in no index; eol: upstream cares for it no more.'),
  why: z.string().optional().describe('Of a yanked one: why.'),
  listed: z
    .boolean()
    .describe('Whether SHA256SUMS names its images, so that systemd-sysupdate finds them there.'),
  retired: z
    .object({ since: z.iso.datetime(), why: z.string() })
    .optional()
    .describe('Of one that the bakery keeps no longer: since when no index names it, and why.'),
  revision: z
    .object({ of: z.string(), why: z.string().optional() })
    .optional()
    .describe('Of a version baked anew: the one of upstream it is, and why.'),
  images: z.array(CatalogueImage).describe('One an architecture; none when the release was deleted.'),
  record: CatalogueFile.optional().describe('What went into it: NAME-VERSION.inputs.json.'),
  sbom: CatalogueFile.optional().describe('Bill of materials, CycloneDX: NAME-VERSION.cdx.json.'),
  provenance: CatalogueFile.optional().describe('Who published it, signed: NAME-VERSION.sigstore.json.'),
  test: Verdict.optional().describe('Of the test on a host, where every image had one.'),
  rebuild: Verdict.optional().describe('Of building it again from its record.'),
});
export type CatalogueVersion = z.infer<typeof CatalogueVersion>;

const conditions = {
  when: z.string().optional().describe('Range of versions it counts for; else all.'),
  arches: z.array(z.string()).optional().describe('Architectures it counts for; else all.'),
  if: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Options it counts for, as recipes say it: the images are of the default ones.'),
};
const Relation = z.object({
  name: ExtensionName,
  version: z.string().optional().describe('The only version that fits; may hold {placeholders}.'),
  why: z.string().optional(),
  ...conditions,
});

export const CatalogueStream = z.object({
  label: z.string().describe('v1.34'),
  newest: z.string().describe('Its newest version.'),
  eol: z.iso.date().optional().describe('The day upstream stops caring for it, where known.'),
  transfer: CatalogueFile.describe('What makes a host stay in it: NAME-v1.34.transfer.'),
});
export type CatalogueStream = z.infer<typeof CatalogueStream>;

/** What the recipe says; absent as far as nobody knows it, e.g. once the recipe is gone. */
export const CatalogueFacts = z.object({
  summary: z.string().optional(),
  homepage: Url.optional(),
  license: z.string().optional().describe('SPDX expression of what is inside the images.'),
  os: z
    .object({ id: z.string(), level: z.string().optional() })
    .optional()
    .describe('The only OS it fits, by ID= and SYSEXT_LEVEL=; else any.'),
  units: z
    .array(
      z.object({
        name: z.string(),
        start: z.string().describe('merge: by itself; user: when enabled; choice: one of several.'),
        ...conditions,
      }),
    )
    .optional(),
  requires: z.array(Relation).optional(),
  conflicts: z.array(Relation).optional(),
  masks: z.array(z.string()).optional().describe('Built-in extensions a host must switch off.'),
  afterUpdate: z.string().optional().describe('nothing, refresh, restart or reboot.'),
});
export type CatalogueFacts = z.infer<typeof CatalogueFacts>;

export const CatalogueExtension = z.object({
  name: ExtensionName,
  ...CatalogueFacts.shape,
  arches: z.array(z.string()).describe('Of the newest version.'),
  newest: z.string().optional().describe('The newest version that is not yanked.'),
  transfer: CatalogueFile.describe('What keeps a host at the newest version: NAME.transfer.'),
  streams: z.array(CatalogueStream).describe('Oldest first.'),
  versions: z.array(CatalogueVersion).describe('Newest first, in the order of systemd.'),
});
export type CatalogueExtension = z.infer<typeof CatalogueExtension>;

export const CatalogueKey = z.object({
  fingerprint: z
    .string()
    .regex(/^([0-9A-F]{40}|[0-9A-F]{64})$/)
    .describe('64 digits from version 5 of OpenPGP keys on.'),
  primary: z.string().describe('Fingerprint of the primary key; its own for a primary key.'),
  created: Time.optional(),
  expires: Time.optional().describe('Absent when it never does.'),
  signs: z.boolean().describe('Whether it may sign.'),
  revoked: z.boolean().optional(),
});
export type CatalogueKey = z.infer<typeof CatalogueKey>;

/** Loose on purpose: a reader takes what it knows and leaves the rest, so that the format can grow. */
export const Catalogue = z.object({
  catalogue: z.literal(1).describe('Version of this format. It only grows.'),
  hub: Url.describe('Prefix of all addresses, ending in "/". HUB/NAME/ is what hosts update from.'),
  ring: CatalogueFile.extend({
    sha256: Hash,
    data: z.base64().optional().describe('Its bytes, for configurations that carry it themselves.'),
  })
    .optional()
    .describe('The public keys that hosts trust; absent when nothing is signed.'),
  keys: z.array(CatalogueKey).describe('The keys of the ring; none when nothing is signed.'),
  extensions: z.array(CatalogueExtension).describe('By name.'),
});
export type Catalogue = z.infer<typeof Catalogue>;
