import { z } from 'zod';
import { Template } from '../template.ts';
import { conditionShape } from './condition.ts';
import { ImagePath, RecipePath } from './paths.ts';

const GitSource = z.strictObject({
  git: z.url({ protocol: /^https$/ }),
  ref: Template,
  submodules: z.boolean().default(false),
});
const ArtifactSource = z.strictObject({ artifact: z.string().describe('Name of an entry of artifacts.') });

const Container = z.strictObject({
  container: z.strictObject({
    image: z.string().regex(/@sha256:[0-9a-f]{64}$/, { error: 'expected an image pinned by digest' }),
    script: RecipePath.describe('Run inside the container of the target architecture.'),
    sources: z.record(z.string(), z.union([GitSource, ArtifactSource])).optional(),
    patches: z.array(RecipePath).optional(),
    packages: z.array(z.string()).optional(),
    env: z.record(z.string(), Template).optional(),
    network: z.boolean().default(false),
    take: z.record(z.string(), ImagePath).describe('Folder of the container’s output → path in the image.'),
  }),
  ...conditionShape,
});
const Root = z.union([
  z.strictObject({ apk: z.array(z.string()).min(1), image: z.string() }),
  z.strictObject({ apt: z.array(z.string()).min(1), suite: z.string() }),
  z.strictObject({ image: z.string() }),
]);
const Flix = z.strictObject({
  flix: z.strictObject({
    root: Root,
    entries: z.array(z.string()).min(1),
    'extra-libs': z.array(z.string()).optional(),
  }),
  ...conditionShape,
});
const Flatwrap = z.strictObject({
  flatwrap: z.strictObject({
    root: Root,
    entries: z.array(z.string()).min(1),
    etc: z.enum(['chroot', 'host']).optional(),
    var: z.enum(['chroot', 'host']).optional(),
    home: z.enum(['chroot', 'host']).optional(),
  }),
  ...conditionShape,
});
const OciRootfs = z.strictObject({
  'oci-rootfs': z.strictObject({
    image: z.string(),
    run: z.array(z.string()).optional(),
    take: z.record(z.string(), ImagePath),
  }),
  ...conditionShape,
});

/** What needs more than files: a compiler, a foreign root, relocation. */
export const BuildStep = z.union([Container, Flix, Flatwrap, OciRootfs]);
export type BuildStep = z.infer<typeof BuildStep>;
