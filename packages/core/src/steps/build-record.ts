import { z } from 'zod';

const Commit = z.string().regex(/^[0-9a-f]{40}$/);

/** What one build step was made from. */
export const BuildRecord = z.strictObject({
  step: z.enum(['container', 'flix', 'flatwrap', 'oci-rootfs', 'inner', 'script']),
  /** A script that fetched things which nobody checked. */
  unproved: z.string().optional(),
  image: z
    .strictObject({
      reference: z.string(),
      /** Content address of the image that ran; of one platform. */
      id: z.string(),
      /** What was used in its place. */
      used: z.string().optional(),
    })
    .optional(),
  /** Git sources and the commits they stood for; other sources are artifacts. */
  sources: z
    .array(
      z.strictObject({
        url: z.string(),
        ref: z.string(),
        commit: Commit,
        submodules: z.record(z.string(), Commit).optional(),
      }),
    )
    .optional(),
  /** Suite of a distribution the packages are from. */
  suite: z.string().optional(),
  /** `NAME VERSION` of every package that was there. */
  packages: z.array(z.string()).optional(),
});
export type BuildRecord = z.infer<typeof BuildRecord>;
