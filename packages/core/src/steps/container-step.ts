import { constants } from 'node:fs';
import { chmod, copyFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { ImageFolder, MemberGlob, RecipePath } from '../language/image-paths.ts';
import { PlainText, templated } from '../language/slots.ts';
import { PinnedImage } from '../names/image-reference.ts';
import { DistributionPackage } from '../names/package-name.ts';
import type { Tree } from '../stage/tree.ts';
import { unpack } from '../stage/unpack.ts';
import { conditionShape, holds } from '../versions/condition.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { inputFolder, outputFolder } from './container-args.ts';
import { Patch, placeSources, Source } from './container-sources.ts';
import { inputIn, runContainer } from './container.ts';
import { stepKind } from './step-kind.ts';

/** Beside the script, so no name that is hidden or leads elsewhere. */
const SourceFolder = z
  .string()
  .regex(/^[A-Za-z0-9_][\w.-]*$/, { error: 'expected the name of a folder: letters, digits, ".", "_", "-"' });

const Container = z.strictObject({
  image: templated(PinnedImage),
  script: RecipePath.describe('Run inside the container of the target architecture.'),
  sources: z
    .record(SourceFolder, Source)
    .optional()
    .describe('Folder beside the script → what to put there.'),
  patches: z.array(Patch).optional().describe('Applied to the first source in this order.'),
  packages: z
    .array(templated(DistributionPackage))
    .optional()
    .describe('Installed by the image’s own package manager, which needs network: true.'),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), templated(PlainText)).optional(),
  network: z.boolean().default(false),
  take: z
    .record(MemberGlob, templated(ImageFolder))
    .describe('File or folder in the container’s output → path in the image.'),
});
export type Container = z.infer<typeof Container>;

export const containerStep = stepKind({
  kind: 'container',
  form: '{container}',
  schema: z
    .strictObject({ container: Container, ...conditionShape })
    .transform(({ container, ...conditions }) => ({
      kind: 'container' as const,
      step: container,
      ...conditions,
    })),
  run: buildInContainer,
  tools: () => ['containers', 'git sources'],
  needsEngine: () => true,
  artifacts: ({ sources = {} }) =>
    Object.entries(sources).flatMap(([folder, source]) =>
      source.kind === 'artifact' ? [{ path: ['sources', folder, 'artifact'], name: source.artifact }] : [],
    ),
  files: ({ script, patches = [] }) => [
    { path: ['script'], name: script },
    ...patches.map(({ path }, index) => ({ path: ['patches', index], name: path })),
  ],
  conditions: ({ patches = [] }) =>
    patches.map((patch, index) => ({ path: ['patches', index], condition: patch })),
  reduce: (value, facts) => {
    const patches = value.step.patches?.filter((patch) => holds(patch, facts));
    return { ...value, step: { ...value.step, patches } };
  },
  problems: ({ script, network, packages = [], patches = [], sources = {} }) => [
    ...(Object.hasOwn(sources, basename(script))
      ? [
          {
            path: ['sources', basename(script)],
            message: `expected another name than the script’s, got "${basename(script)}"`,
          },
        ]
      : []),
    ...(!network && packages.length > 0
      ? [
          {
            path: ['packages'],
            message:
              'expected network: true beside packages, which come from the network; or an image that has them',
          },
        ]
      : []),
    ...(patches.length > 0 && Object.keys(sources).length === 0
      ? [{ path: ['patches'], message: 'expected sources to patch, got none' }]
      : []),
  ],
});

/** Runs the script of a step in a container and takes what it left in its output folder. */
async function buildInContainer(step: Container, tree: Tree, context: BuildContext): Promise<BuildRecord> {
  const input = await inputIn(context.scratch);
  const sources = await placeSources(step, input, context);
  const program = basename(step.script);
  const script = resolve(context.recipeFolder, step.script);
  await copyFile(script, join(input, program), constants.COPYFILE_EXCL);
  await chmod(join(input, program), 0o755);
  await using container = await runContainer(
    {
      image: step.image,
      network: step.network,
      env: environment(step, context),
      packages: step.packages ?? [],
      input,
      program: `${inputFolder}/${program}`,
      title: `run ${program}`,
    },
    context,
  );
  const output = join(context.scratch, 'output.tar');
  await container.saveOutput(output);
  await takeOutput(output, step, tree, context);
  await rm(output);
  return {
    step: 'container',
    image: container.image,
    ...(sources.length === 0 ? {} : { sources }),
    packages: [...container.packages],
  };
}

/** What a recipe sets itself comes last. */
function environment(step: Container, context: BuildContext): Record<string, string> {
  return {
    OUT: outputFolder,
    VERSION: context.version,
    ARCH: context.arch,
    JOBS: String(context.jobs),
    SOURCE_DATE_EPOCH: String(context.epoch),
    ...step.env,
  };
}

async function takeOutput(
  output: string,
  { take }: Container,
  tree: Tree,
  { name, ports }: BuildContext,
): Promise<void> {
  const archive = { path: output, format: 'tar' as const, label: `output of the build of ${name}` };
  const top = outputFolder.slice(1);
  const files = Object.entries(take).map(([member, to]) => ({ member, target: { to } }));
  await unpack(archive, { strip: 0, top, files, exclude: [], limit: outputLimit }, tree, ports);
}
