import { z } from 'zod';
import { ExtensionName } from '../names/extension-name.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Time = z.iso.datetime().describe('UTC, to the second: 2026-03-01T04:05:06Z.');
const Url = z.url({ protocol: /^https?$/ });

/** What came of building an image again from its record. */
export const CatalogueRebuild = z.object({
  verdict: z
    .string()
    .describe(
      'same: byte for byte; explained: the same files, packed otherwise by another tool or library; ' +
        'different: nothing explains it; failed: it could not be built from its record any more.',
    ),
  at: Time,
  machine: z.string().optional().describe('Where it was built again: ubuntu 24.04 x86_64.'),
  url: Url.optional().describe('The run that did.'),
});
export type CatalogueRebuild = z.infer<typeof CatalogueRebuild>;

/** A file that lies beside others of a release. */
export const CatalogueFile = z.object({ file: z.string(), url: Url });
export type CatalogueFile = z.infer<typeof CatalogueFile>;

/** What lies beside an image for dm-verity. */
export const CatalogueSidecar = CatalogueFile.extend({
  size: z.int().optional().describe('Bytes of the file.'),
  sha256: Hash,
});
export type CatalogueSidecar = z.infer<typeof CatalogueSidecar>;

export const CatalogueImage = CatalogueFile.extend({
  arch: z.string().describe('systemd’s name for it: x86-64, arm64.'),
  size: z.int().optional().describe('Bytes of the file.'),
  sha256: Hash,
  sha512: z
    .string()
    .regex(/^[0-9a-f]{128}$/)
    .optional()
    .describe('Absent if nobody computed it.'),
  format: z.string().optional().describe('squashfs, erofs, …'),
  unpackedSize: z
    .int()
    .optional()
    .describe('Total size of the files inside in bytes, hard links counted once; absent if not recorded.'),
  verity: CatalogueSidecar.optional().describe('Its hash tree for dm-verity, if one is published beside it.'),
  roothash: CatalogueSidecar.optional().describe('The root of that tree: 64 hex digits.'),
  p7s: CatalogueSidecar.optional().describe('The signature of the root, PKCS #7 in DER.'),
  rebuild: CatalogueRebuild.optional().describe('Verdict of building this image again from its record.'),
});
export type CatalogueImage = z.infer<typeof CatalogueImage>;

const Verdict = z.object({
  verdict: z.string().describe('passed, failed, or another word chosen by whoever judged.'),
  at: Time.optional(),
  url: Url.optional().describe('Where to read more.'),
});

export const CatalogueVersion = z.object({
  version: z.string().describe('As published; whether there is a leading v never changes.'),
  date: Time.optional().describe('When it was published, if the store knows.'),
  state: z
    .enum(['ok', 'yanked', 'eol'])
    .describe('yanked: withdrawn and in no index; eol: no longer supported upstream.'),
  why: z.string().optional().describe('Why it was yanked.'),
  listed: z
    .boolean()
    .describe('Whether SHA256SUMS names its images, so that systemd-sysupdate finds them there.'),
  retired: z
    .object({ since: z.iso.datetime(), why: z.string() })
    .optional()
    .describe('If retention removed it: when it left the index, and why.'),
  revision: z
    .object({ of: z.string(), why: z.string().optional() })
    .optional()
    .describe('If it is a rebuild: the upstream version it stands for, and why it was rebuilt.'),
  notes: Url.optional().describe('Page with its release notes: what changed since the version before.'),
  images: z.array(CatalogueImage).describe('One per architecture; none if the release was deleted.'),
  record: CatalogueFile.optional().describe('What went into it: NAME-VERSION.inputs.json.'),
  sbom: CatalogueFile.optional().describe('CycloneDX bill of materials: NAME-VERSION.cdx.json.'),
  provenance: CatalogueFile.optional().describe('Signed provenance: NAME-VERSION.sigstore.json.'),
  test: Verdict.optional().describe('Verdict of the tests on a host, if every image had one.'),
  rebuild: Verdict.optional().describe(
    'Verdict of building it again from its record: passed if every image came out same or explained, failed if one did not.',
  ),
});
export type CatalogueVersion = z.infer<typeof CatalogueVersion>;

const conditions = {
  when: z.string().optional().describe('Range of versions it applies to. Default: all.'),
  arches: z.array(z.string()).optional().describe('Architectures it applies to. Default: all.'),
  if: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Options it applies to, as written in recipes; published images have the defaults.'),
};
const Relation = z.object({
  name: ExtensionName,
  version: z.string().optional().describe('The only version that fits; may contain {placeholders}.'),
  why: z.string().optional(),
  ...conditions,
});

export const CatalogueStream = z.object({
  label: z.string().describe('v1.34'),
  newest: z.string().describe('Its newest version.'),
  eol: z.iso.date().optional().describe('The day upstream support ends, if known.'),
  transfer: CatalogueFile.describe('The transfer file that keeps a host in it: NAME-v1.34.transfer.'),
});
export type CatalogueStream = z.infer<typeof CatalogueStream>;

/** What the recipe says; absent as far as nobody knows it, e.g. once the recipe is gone. */
export const CatalogueFacts = z.object({
  summary: z.string().optional(),
  homepage: Url.optional(),
  license: z.string().optional().describe('SPDX licence expression for the contents of the images.'),
  os: z
    .object({ id: z.string(), level: z.string().optional() })
    .optional()
    .describe('The only OS it is for, by ID= and SYSEXT_LEVEL=. Default: any.'),
  units: z
    .array(
      z.object({
        name: z.string(),
        start: z
          .string()
          .describe('merge: on merge; user: when enabled; choice: one of several alternatives.'),
        ...conditions,
      }),
    )
    .optional(),
  requires: z.array(Relation).optional(),
  conflicts: z.array(Relation).optional(),
  masks: z.array(z.string()).optional().describe('Built-in extensions a host must switch off.'),
  afterUpdate: z.string().optional().describe('nothing, refresh, restart or reboot.'),
  unproved: z
    .array(z.string())
    .optional()
    .describe('Scripts of its build that fetch what nobody checks. Absent if all is proved or recorded.'),
});
export type CatalogueFacts = z.infer<typeof CatalogueFacts>;

export const CatalogueExtension = z.object({
  name: ExtensionName,
  ...CatalogueFacts.shape,
  arches: z.array(z.string()).describe('Of the newest version.'),
  newest: z.string().optional().describe('The newest version that is not yanked.'),
  transfer: CatalogueFile.describe(
    'The transfer file that keeps a host at the newest version: NAME.transfer.',
  ),
  streams: z.array(CatalogueStream).describe('Oldest first.'),
  versions: z.array(CatalogueVersion).describe('Newest first, in systemd’s order.'),
});
export type CatalogueExtension = z.infer<typeof CatalogueExtension>;

export const CatalogueKey = z.object({
  fingerprint: z
    .string()
    .regex(/^([0-9A-F]{40}|[0-9A-F]{64})$/)
    .describe('40 hex digits; 64 for OpenPGP keys of version 5 and later.'),
  primary: z.string().describe('Fingerprint of its primary key; its own if it is one.'),
  created: Time.optional(),
  expires: Time.optional().describe('Absent if it never expires.'),
  signs: z.boolean().describe('Whether it may sign.'),
  revoked: z.boolean().optional(),
});
export type CatalogueKey = z.infer<typeof CatalogueKey>;

/** Loose on purpose: a reader takes what it knows and leaves the rest, so that the format can grow. */
export const Catalogue = z.object({
  catalogue: z.literal(1).describe('Version of this format; keys are only ever added.'),
  hub: Url.describe('Prefix of all addresses, ending in "/". HUB/NAME/ is what hosts update from.'),
  ring: CatalogueFile.extend({
    sha256: Hash,
    data: z.base64().optional().describe('Its bytes, for embedding in configurations.'),
  })
    .optional()
    .describe('The public keys that hosts trust; absent when nothing is signed.'),
  keys: z.array(CatalogueKey).describe('The keys in the ring; none when nothing is signed.'),
  extensions: z.array(CatalogueExtension).describe('By name.'),
});
export type Catalogue = z.infer<typeof Catalogue>;
