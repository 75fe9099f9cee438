import { z } from 'zod';
import { Integrity } from '../fetch/integrity/integrity.ts';
import { Signature } from '../fetch/signature/signature.ts';
import { artifactAddress } from '../language/address.ts';
import { ImageFile, ImageFolder, MemberGlob, MemberTarget, Mode } from '../language/image-paths.ts';
import { templated } from '../language/slots.ts';
import { perArch } from '../names/arch.ts';
import { archiveFormats } from '../stage/archive-format.ts';
import { type Condition, conditionShape } from '../versions/condition.ts';

const targetError = { error: 'expected a path below /usr or /opt, or {to, mode}' };
const filePath = templated(ImageFile);
const fileTarget = z
  .union([filePath, z.strictObject({ to: filePath, mode: Mode.optional() })], targetError)
  .transform((target) => (typeof target === 'string' ? { to: target } : target));
const memberPath = templated(MemberTarget);
const memberTarget = z
  .union(
    [memberPath, z.strictObject({ to: memberPath, mode: Mode.optional(), ...conditionShape })],
    targetError,
  )
  .transform((target): { to: string; mode?: string | undefined } & Condition =>
    typeof target === 'string' ? { to: target } : target,
  );
const placeholderName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, { error: 'expected lower-case words joined by "-"' });

const Unpack = z
  .strictObject({
    format: z.enum(archiveFormats).optional().describe('Needed only if the address does not say.'),
    strip: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Leading folders to drop from every member, counted below top; members with no more are left out.',
      ),
    top: templated(MemberGlob)
      .optional()
      .describe('Folder inside the archive to start from; everything else is ignored. Comes before strip.'),
    into: templated(ImageFolder)
      .optional()
      .describe('Folder the whole archive goes to; modes as in the archive, writable by root only.'),
    files: z
      .record(templated(MemberGlob), memberTarget)
      .optional()
      .describe(
        'Member or glob → path, after top and strip. A member that is a folder brings all below it. A path that ends in "/" is a folder: a member keeps its last name in it, and what a glob finds keeps its path from the first wildcard on ("share/**": "/usr/share/" keeps sub-folders). A glob with another path must find exactly one member. An exact member goes before a folder, a folder before a glob.',
      ),
    exclude: z
      .array(templated(MemberGlob))
      .optional()
      .describe('Members, folders or globs to leave out, after top and strip; each must match something.'),
    limit: z
      .string()
      .regex(/^[1-9]\d{0,4}(M|G)$/, { error: 'expected a size like "800M" or "4G"' })
      .default('4G')
      .describe('Largest unpacked size.'),
  })
  .refine((unpack) => (unpack.into === undefined) !== (unpack.files === undefined), {
    error: 'expected either into (the whole archive) or files (some members)',
  });

/** Something to download. */
export const Artifact = z.strictObject({
  name: placeholderName
    .optional()
    .describe('The name build steps refer to it by; such an artifact needs no place.'),
  ...conditionShape,
  each: z
    .record(placeholderName, z.array(z.string().min(1)).min(1))
    .optional()
    .describe('Repeats the entry for each value of one placeholder.'),
  arch: perArch(z.string())
    .optional()
    .describe('What {arch} stands for in this entry, if not what the recipe says.'),
  url: artifactAddress('Its address: http(s)://… or npm:PACKAGE@VERSION.'),
  integrity: Integrity,
  signature: Signature.optional(),
  place: fileTarget.optional().describe('Where a single file goes.'),
  unpack: Unpack.optional().describe('What to extract from an archive, and where it goes.'),
});
export type Artifact = z.infer<typeof Artifact>;
export type Unpack = z.infer<typeof Unpack>;
