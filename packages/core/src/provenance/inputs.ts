import { z } from 'zod';
import { SignatureProof } from '../fetch/signature/signature-context.ts';
import { Arch } from '../names/arch.ts';
import { BuildRecord } from '../steps/build-record.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What went into one image: enough to explain it and to build it again. */
export const ImageInputs = z.object({
  file: z.string(),
  size: z.int(),
  sha256: Hash,
  /** Where the images of other machines were read to be published. */
  sha512: z
    .string()
    .regex(/^[0-9a-f]{128}$/)
    .optional(),
  /** Bytes of all files inside; absent in records of before it was recorded. */
  unpackedSize: z.int().optional(),
  format: z.string(),
  /** Program and version that made it. */
  tool: z.string(),
  /** Versions of the libraries it is linked with; absent in records of before they were recorded, as the next two are. */
  libraries: z.record(z.string(), z.string()).optional(),
  packing: z
    .object({
      compression: z.string(),
      level: z.int().optional(),
      /** Bytes. */
      blockSize: z.int().optional(),
      /** Bytes of the whole image, for formats of a fixed size. */
      size: z.int().optional(),
    })
    .optional(),
  /** Where it was made: what explains other bytes that nothing else does. */
  machine: z.object({ os: z.string(), arch: z.string() }).optional(),
  /** Seconds since 1970 of every time stamp inside. */
  epoch: z.int(),
  options: z.record(z.string(), z.string()),
  artifacts: z.array(
    z.object({
      url: z.string(),
      size: z.int(),
      sha256: Hash,
      /** How the bytes were proved, in words. */
      proved: z.string(),
      /** Who signed it, or its file of sums; absent when the recipe names no signature. */
      signature: SignatureProof.optional(),
    }),
  ),
  /** Programs in Go by their paths, with the modules they are made of; absent without any. */
  go: z
    .array(
      z.object({
        path: z.string(),
        go: z.string(),
        main: z.string().optional(),
        modules: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .optional(),
  /** What its build steps were made from; absent without any. */
  builds: z.array(BuildRecord).optional(),
  /** Of its test on a host before anybody got it; absent when none was wanted. One that fails is not published. */
  test: z.object({ verdict: z.enum(['passed', 'skipped']), host: z.string().optional() }).optional(),
});
export type ImageInputs = z.infer<typeof ImageInputs>;

const Commit = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** The bakery that made the images. */
export const BakeryVersion = z.object({
  version: z.string(),
  /** Absent when it was unknown, e.g. in an unpacked archive. */
  commit: Commit.optional(),
  /** Whether its code differed from that commit. */
  changed: z.boolean().optional(),
});
export type BakeryVersion = z.infer<typeof BakeryVersion>;

/** Where a recipe lies; empty when that is in no git repository. */
export const RecipeOrigin = z.object({
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
export const Inputs = z.object({
  inputs: z.literal(1),
  name: z.string(),
  version: z.string(),
  /** If it is a rebuild: the upstream version it stands for, and why it was rebuilt. */
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
