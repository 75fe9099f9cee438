import { z } from 'zod';
import { Integrity } from '../fetch/integrity/integrity.ts';
import { Template } from '../template.ts';
import { conditionShape } from './condition.ts';
import { ImagePath, MemberGlob, Mode } from './paths.ts';

const target = z.union([ImagePath, z.strictObject({ to: ImagePath, mode: Mode.optional() })]);

export const archiveFormats = ['tar', 'tar.gz', 'tar.xz', 'tar.bz2', 'tar.zst', 'zip', 'deb'] as const;

const Unpack = z
  .strictObject({
    format: z.enum(archiveFormats).optional().describe('When the address does not tell.'),
    strip: z.int().min(1).optional().describe('Leading path components to drop from every member.'),
    top: Template.optional().describe('Folder inside the archive to start from; everything else is ignored.'),
    into: ImagePath.optional().describe('Where the whole archive goes.'),
    files: z
      .record(MemberGlob, target)
      .optional()
      .describe('Member or glob → path. A path that ends in "/" is a folder.'),
    exclude: z.array(MemberGlob).optional().describe('Members to leave out; each must exist.'),
    limit: z
      .string()
      .regex(/^\d+(M|G)$/, { error: 'expected a size like "800M" or "4G"' })
      .optional()
      .describe('Largest unpacked size; 4G unless told.'),
  })
  .refine((unpack) => (unpack.into === undefined) !== (unpack.files === undefined), {
    error: 'expected either into (the whole archive) or files (some members)',
  });

const Signature = z.strictObject({
  openpgp: Template.describe('Address of the detached signature.'),
  keys: z.string().describe('Keyring file in the recipe’s folder.'),
});

/** Something to download. */
export const Artifact = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .optional()
    .describe('For build steps that take it; such an artifact needs no place.'),
  ...conditionShape,
  each: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.array(z.string()).min(1))
    .optional()
    .describe('Repeats the entry, one placeholder with many values.'),
  arch: z
    .strictObject({ 'x86-64': z.string().optional(), arm64: z.string().optional() })
    .optional()
    .describe('What {arch} stands for in this entry, when not what the recipe says.'),
  url: Template.describe('Where it is: http(s)://… or npm:PACKAGE@VERSION.'),
  integrity: Integrity,
  signature: Signature.optional(),
  place: target.optional().describe('Path of a single file.'),
  unpack: Unpack.optional().describe('What to take out of an archive, and where it goes.'),
});
export type Artifact = z.infer<typeof Artifact>;
export type Unpack = z.infer<typeof Unpack>;
