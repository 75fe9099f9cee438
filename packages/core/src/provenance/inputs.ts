import { z } from 'zod';
import { SignatureProof } from '../fetch/signature/signature-context.ts';
import { Arch } from '../names/arch.ts';
import { BuildRecord } from '../steps/build-record.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What went into one image: enough to explain it and to build it again. */
export const ImageInputs = z.strictObject({
  file: z.string(),
  size: z.int(),
  sha256: Hash,
  format: z.string(),
  /** Program and version that made it. */
  tool: z.string(),
  /** Seconds since 1970 of every time stamp inside. */
  epoch: z.int(),
  options: z.record(z.string(), z.string()),
  artifacts: z.array(
    z.strictObject({
      url: z.string(),
      size: z.int(),
      sha256: Hash,
      /** How the bytes were proved, in words. */
      proved: z.string(),
      /** Who signed it, or its file of sums; absent when the recipe names no signature. */
      signature: SignatureProof.optional(),
    }),
  ),
  /** What its build steps were made from; absent without any. */
  builds: z.array(BuildRecord).optional(),
});
export type ImageInputs = z.infer<typeof ImageInputs>;

const Commit = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** The bakery that made the images. */
export const BakeryVersion = z.strictObject({
  version: z.string(),
  /** Absent when it was unknown, e.g. in an unpacked archive. */
  commit: Commit.optional(),
  /** Whether its code differed from that commit. */
  changed: z.boolean().optional(),
});
export type BakeryVersion = z.infer<typeof BakeryVersion>;

/** Where a recipe lies; empty when that is in no git repository. */
export const RecipeOrigin = z.strictObject({
  /** URL, without credentials. */
  repository: z.string().optional(),
  commit: Commit.optional(),
  /** Its folder in the repository. */
  path: z.string().optional(),
  /** Whether it differed from that commit. */
  changed: z.boolean().optional(),
});
export type RecipeOrigin = z.infer<typeof RecipeOrigin>;

/** The record beside the images of one version: `NAME-VERSION.inputs.json`. */
export const Inputs = z.strictObject({
  inputs: z.literal(1),
  name: z.string(),
  version: z.string(),
  /** Of a version baked anew: the one of upstream it is, and why. */
  revision: z.strictObject({ of: z.string(), why: z.string() }).optional(),
  /** Absent in records of before it was recorded, and when arches were made by different ones. */
  bakery: BakeryVersion.optional(),
  recipe: RecipeOrigin.extend({ sha256: Hash.describe('Of every file in the recipe’s folder, by path.') }),
  images: z.partialRecord(Arch, ImageInputs),
});
export type Inputs = z.infer<typeof Inputs>;

export function formatInputs(inputs: Inputs): string {
  return `${JSON.stringify(inputs, undefined, 2)}\n`;
}
