import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { RecipePath } from '../language/image-paths.ts';
import { PlainText, templated } from '../language/slots.ts';
import { PinnedImage } from '../names/image-reference.ts';
import { DistributionPackage } from '../names/package-name.ts';
import type { Tree } from '../stage/tree.ts';
import { unpack } from '../stage/unpack.ts';
import { conditionShape } from '../versions/condition.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { inputFolder, outputFolder } from './container-args.ts';
import { inputIn, runContainer } from './container.ts';
import { scriptHelpers } from './script-helpers.ts';
import { stepKind } from './step-kind.ts';

const FunctionName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of a function: letters, digits, "_"' });

const Script = z.strictObject({
  image: templated(PinnedImage),
  file: RecipePath.default('create.sh').describe('The script; bash reads it, and calls its function.'),
  function: FunctionName.default('populate_sysext_root').describe(
    'Called with the root to fill, the architecture, the version and the options.',
  ),
  options: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), templated(PlainText))
    .default({})
    .describe('Given to the function as --NAME VALUE.'),
  beside: z.array(RecipePath).default([]).describe('Files of the recipe’s folder that it reads.'),
  packages: z
    .array(templated(DistributionPackage))
    .optional()
    .describe('Installed by the image’s own package manager.'),
  network: z.boolean().default(true).describe('What it downloads is checked by nobody but itself.'),
});
export type Script = z.infer<typeof Script>;

export const scriptStep = stepKind({
  kind: 'script',
  form: '{script}',
  schema: z
    .strictObject({ script: Script, ...conditionShape })
    .transform(({ script, ...conditions }) => ({ kind: 'script' as const, step: script, ...conditions })),
  run: runScript,
  tools: () => ['containers'],
  needsEngine: () => true,
  unproved: ({ file, network }) => (network ? [{ path: ['file'], name: file }] : []),
  files: ({ file, beside }) => [
    { path: ['file'], name: file },
    ...beside.map((name, index) => ({ path: ['beside', index], name })),
  ],
  problems: ({ file, beside, network, packages = [] }) => [
    ...(!network && packages.length > 0
      ? [
          {
            path: ['packages'],
            message:
              'expected network: true beside packages, which come from the network; or an image that has them',
          },
        ]
      : []),
    ...beside.flatMap((name, index) =>
      [file, ...beside.slice(0, index)].includes(name)
        ? [{ path: ['beside', index], message: `expected each file once, got "${name}" again` }]
        : [],
    ),
  ],
});

const player = '.script';

/** Calls the function of a script in a container and takes what it put below usr and opt. */
async function runScript(step: Script, tree: Tree, context: BuildContext): Promise<BuildRecord> {
  const input = await inputIn(context.scratch);
  const folder = join(input, `${context.name}.sysext`);
  for (const name of [step.file, ...step.beside]) {
    const to = join(folder, name);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(resolve(context.recipeFolder, name), to, constants.COPYFILE_EXCL);
    await chmod(to, 0o755);
  }
  await writeFile(join(input, '.helpers'), scriptHelpers);
  await writeFile(join(input, player), playerText, { mode: 0o755 });
  await writeFile(
    join(input, '.arguments'),
    argumentsOf(step, context)
      .map((one) => `${one}\0`)
      .join(''),
  );
  await using container = await runContainer(
    {
      image: step.image,
      network: step.network,
      env: { SOURCE_DATE_EPOCH: String(context.epoch), OUT: outputFolder },
      packages: step.packages ?? [],
      input,
      program: `${inputFolder}/${player}`,
      title: `run ${step.function} of ${step.file}`,
    },
    context,
  );
  const output = join(context.scratch, 'output.tar');
  await container.saveOutput(output);
  const archive = { path: output, format: 'tar' as const, label: `what ${step.file} made` };
  const where = {
    strip: 0,
    top: outputFolder.slice(1),
    files: [{ member: '**', target: { to: '/' } }],
    exclude: [],
    limit: outputLimit,
  };
  await unpack(archive, where, tree, context.ports);
  await rm(output);
  return {
    step: 'script',
    ...(step.network ? { unproved: step.file } : {}),
    image: container.image,
    packages: [...container.packages],
  };
}

/** Of the player below: names, then what the function gets behind the root. */
function argumentsOf(
  { file, function: called, options }: Script,
  { name, arch, version }: BuildContext,
): string[] {
  return [
    name,
    file,
    called,
    arch,
    version,
    ...Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]),
  ];
}

/** Runs in the container. In sh, because an image may lack bash and should hear so. */
const playerText = `#!/bin/sh
command -v bash >/dev/null || { echo 'expected bash in the image, or among packages, found none' >&2; exit 1; }
exec bash -c '
  mapfile -d "" -t given <${inputFolder}/.arguments
  set -- "\${given[@]}"
  extname=$1 scriptroot=${inputFolder} rundir=${inputFolder}/work
  file=$scriptroot/$extname.sysext/$2 called=$3
  shift 3
  source $scriptroot/.helpers
  export -f $(compgen -A function)
  umask 022
  mkdir -p "$rundir" "$OUT"
  cd "$rundir"
  set -eo pipefail
  source "$file"
  cd "$rundir"
  "$called" "$OUT" "$@"
'
`;
