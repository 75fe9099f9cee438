import { z } from 'zod';
import { ImageFolder, MemberGlob, MemberTarget, plainPath, RecipePath } from '../language/image-paths.ts';
import { templated } from '../language/templated.ts';
import { GitAddress, GitRef } from '../names/git-ref.ts';
import { ImageReference, PinnedImage } from '../names/image-reference.ts';
import { DebianPackage, DebianSuite, DistributionPackage } from '../names/package-name.ts';
import { conditionShape } from '../versions/condition.ts';

const noNul = { error: 'expected text without NUL' };
const Argument = z.string().refine((text) => !text.includes('\0'), noNul);
/** Beside the script, so no name that is hidden or leads elsewhere. */
const SourceFolder = z
  .string()
  .regex(/^[A-Za-z0-9_][\w.-]*$/, { error: 'expected the name of a folder: letters, digits, ".", "_", "-"' });

const GitSource = z.strictObject({
  git: templated(GitAddress),
  ref: templated(GitRef).describe('Tag, branch or commit; the commit it stands for is recorded.'),
  submodules: z
    .union([z.boolean(), z.record(MemberGlob, z.string().regex(/^[0-9a-f]{40}$/))], {
      error: 'expected true, false or {FOLDER: COMMIT}',
    })
    .default(false)
    .describe('Whether to fetch submodules; a record moves the named ones to other commits.'),
});
const ArtifactSource = z.strictObject({ artifact: z.string().describe('Name of an entry of artifacts.') });
const Patch = z.strictObject({ path: RecipePath, ...conditionShape });

const Container = z.strictObject({
  container: z.strictObject({
    image: templated(PinnedImage),
    script: RecipePath.describe('Run inside the container of the target architecture.'),
    sources: z
      .record(SourceFolder, z.union([GitSource, ArtifactSource]))
      .optional()
      .describe('Folder beside the script → what to put there.'),
    patches: z
      .array(z.union([RecipePath, Patch]))
      .optional()
      .describe('Applied to the first source in this order.'),
    packages: z
      .array(templated(DistributionPackage))
      .optional()
      .describe('Installed by the image’s own package manager, which needs network: true.'),
    env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), Argument).optional(),
    network: z.boolean().default(false),
    take: z
      .record(MemberGlob, ImageFolder)
      .describe('File or folder of the container’s output → path in the image.'),
  }),
  ...conditionShape,
});
const Root = z.union(
  [
    z.strictObject({
      apk: z
        .array(templated(DistributionPackage))
        .min(1)
        .describe('Alpine packages, e.g. "btop~={version}".'),
      image: templated(PinnedImage),
    }),
    z.strictObject({ apt: z.array(templated(DebianPackage)).min(1), suite: templated(DebianSuite) }),
    z.strictObject({ image: templated(ImageReference) }),
    z.strictObject({ artifact: z.string().describe('Name of an entry of artifacts: an archive of a root.') }),
  ],
  { error: 'expected {apk, image}, {apt, suite}, {image} or {artifact}' },
);
const Folder = z.string().regex(plainPath, {
  error: 'expected an absolute path of letters, digits and "._@+-"',
});
const Entry = z
  .string()
  .regex(/^\/[^\p{Cc}]+$/u, { error: 'expected an absolute path, or FROM:TO' })
  .refine((text) => !text.split(/[/:]/).includes('..'), { error: 'expected a path without ".." parts' });
const Library = z
  .string()
  .regex(/^[\w/][\w./+@-]*$/, { error: 'expected the name of a library, like libssl.so.3, or its path' });
const side = z.enum(['chroot', 'host']);
const Flix = z.strictObject({
  flix: z.strictObject({
    root: Root,
    entries: z.array(templated(Entry)).min(1).describe('Programs and folders of the root to relocate.'),
    'extra-libs': z
      .array(templated(Library))
      .optional()
      .describe('Libraries no program names but some load.'),
  }),
  ...conditionShape,
});
const Flatwrap = z.strictObject({
  flatwrap: z.strictObject({
    root: Root,
    entries: z.array(templated(Entry)).min(1).describe('Programs that get a wrapper in /usr/bin.'),
    etc: side.optional(),
    var: side.optional(),
    home: side.optional(),
    chroot: z.array(Folder).optional().describe('Folders seen from the root: /usr, /lib, … unless told.'),
    host: z.array(Folder).optional().describe('Folders seen from the host: /dev, /run, … unless told.'),
  }),
  ...conditionShape,
});
const OciRootfs = z.strictObject({
  'oci-rootfs': z.strictObject({
    image: templated(ImageReference),
    run: z.array(Argument).min(1).optional(),
    take: z.record(MemberGlob, ImageFolder),
  }),
  ...conditionShape,
});

const Inner = z.strictObject({
  inner: z.strictObject({
    artifact: z.string().describe('Name of an entry of artifacts: an archive of archives.'),
    archive: MemberGlob.describe('The one in it; a glob must match exactly one.'),
    files: z.record(MemberGlob, MemberTarget).describe('Member or glob → path, as in unpack of an artifact.'),
    exclude: z.array(MemberGlob).optional(),
  }),
  ...conditionShape,
});

/** What needs more than files: a compiler, a foreign root, relocation. */
export const BuildStep = z.union([Container, Flix, Flatwrap, OciRootfs, Inner], {
  error: 'expected {container}, {flix}, {flatwrap}, {oci-rootfs} or {inner}',
});
export type BuildStep = z.infer<typeof BuildStep>;
