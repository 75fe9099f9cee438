import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { LimitFunction } from 'p-limit';
import { isError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { showPlace } from '../../diagnostics/place.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import type { Fetched } from '../../fetch/fetched.ts';
import { showProof } from '../../fetch/show-proof.ts';
import { toolsOfSignatures } from '../../fetch/signature/signature.ts';
import { formats } from '../../image/formats.ts';
import { packImage, type PackRequest, requireSettings } from '../../image/pack.ts';
import { unpackedSize } from '../../image/unpacked-size.ts';
import { walkTree } from '../../image/walk-tree.ts';
import { scratchFolder } from '../../lifetime/scratch.ts';
import type { Arch } from '../../names/arch.ts';
import { upstreamVersion } from '../../names/revision.ts';
import type { Ports } from '../../ports/ports.ts';
import { goPrograms } from '../../provenance/go-programs.ts';
import type { ImageInputs } from '../../provenance/inputs.ts';
import { expandRecipe } from '../../recipe/expand.ts';
import type { Download, ImagePlan } from '../../recipe/image-plan.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { Os } from '../../recipe/os.ts';
import { toolsOfArchives } from '../../stage/archive-format.ts';
import { checkTree } from '../../stage/check-tree.ts';
import type { PromisedProgram } from '../../stage/checks/smoke.ts';
import { stageTree } from '../../stage/stage-tree.ts';
import type { BuildContext, BuildSettings } from '../../steps/build-context.ts';
import type { BuildRecord } from '../../steps/build-record.ts';
import { runBuilds } from '../../steps/run-builds.ts';
import { toolsOfBuilds } from '../../steps/tools-of-builds.ts';
import { writeExtensionRelease } from '../../systemd/extension-release.ts';
import type { Program } from '../../tools/known-tools.ts';
import { chooseImage, type ImageSettings } from '../check/image-settings.ts';
import { refuseLarge } from './refuse-large.ts';
import { thisMachine } from './this-machine.ts';
import type { OriginContext } from './version-inputs.ts';

export interface CreateRequest {
  readonly loaded: LoadedRecipe;
  readonly version: string;
  readonly arch: Arch;
  /** Every option of the recipe with its value. */
  readonly options: Readonly<Record<string, string>>;
  readonly settings: ImageSettings;
  /** Path of the image to write. */
  readonly output: string;
  /** What the image calls itself, when not the recipe’s name. */
  readonly name?: string;
  readonly os?: Os;
  readonly reload?: boolean;
  readonly announce?: PackRequest['announce'];
}

export interface CreateContext extends OriginContext {
  readonly ports: Ports;
  fetch(downloads: readonly Download[], loaded: LoadedRecipe, arch: Arch): Promise<readonly Fetched[]>;
  /** An existing folder with room for an unpacked image. */
  readonly scratch: string;
  /** As in PATH. */
  readonly path: string;
  readonly isRoot: boolean;
  /** Packing uses every processor, so images are packed one after the other while others download. */
  readonly packing: LimitFunction;
  readonly builds: BuildSettings;
  /** Bytes of the largest image that can be published; any may be where it is not said. */
  readonly largestImage?: number | undefined;
  /** Sees to it that programs are installed. */
  requireTools(programs: readonly Program[]): Promise<void>;
}

export interface Created {
  readonly arch: Arch;
  readonly path: string;
  readonly inputs: ImageInputs;
  readonly warnings: readonly Diagnostic[];
}

// Not on the list of dissect_fstype_ok() in systemd's dissect-image.c; tried with 257.
const ext2Warning = 'ext2: systemd-sysext refuses such images; squashfs, erofs, btrfs and ext4 merge';

/** Bakes one image: downloads, puts the tree together, checks it, packs it. */
export async function createImage(request: CreateRequest, context: CreateContext): Promise<Created> {
  const { loaded, version, arch, options } = request;
  const settings = chooseImage(request.settings, loaded);
  requireSettings(settings);
  const { ports, path, isRoot } = context;
  const name = request.name ?? loaded.recipe.name;
  const plan = expandRecipe(loaded, { version, arch, options });
  await context.requireTools([
    ...formats[settings.format].packs,
    ...toolsOfSignatures(plan.downloads),
    ...toolsOfArchives(plan.downloads),
    ...(await toolsOfBuilds(plan.builds, path)),
  ]);
  if (settings.format === 'ext2') ports.report.warn(ext2Warning);
  const fetched = await context.fetch(plan.downloads, loaded, arch);
  await using folder = await scratchFolder(context.scratch);
  const root = join(folder.path, 'root');
  const builds: BuildRecord[] = [];
  const buildContext: BuildContext = {
    ...context.builds,
    ports,
    path,
    isRoot,
    name,
    version: upstreamVersion(version),
    arch,
    recipeFolder: loaded.folder,
    scratch: join(folder.path, 'build'),
    epoch: settings.epoch,
    jobs: settings.jobs ?? availableParallelism(),
    artifact: (wanted) => artifactOf(plan, fetched, wanted),
  };
  await stageTree(root, plan, fetched, {
    exec: ports.exec,
    epoch: settings.epoch,
    build: async (tree) => {
      for (const built of await runBuilds(plan.builds, tree, buildContext)) builds.push(built);
    },
  });
  await writeExtensionRelease(
    root,
    {
      name,
      arch,
      os: request.os ?? plan.os,
      reload: request.reload ?? loaded.recipe.reload,
    },
    settings.epoch,
  );
  const findings = await checkTree(root, { name, arch, smoke: promisedPrograms(plan) });
  refuseErrors(`${name} ${version} for ${arch}`, findings);
  const entries = await walkTree(root);
  const go = await goPrograms(entries);
  const image = await context.packing(() =>
    packImage(
      { ...settings, root, output: request.output, name, announce: request.announce },
      { ...ports, path, isRoot },
    ),
  );
  const file = `${name}-${version}-${arch}.raw`;
  refuseLarge({ file, size: image.size }, context.largestImage ?? Infinity, entries);
  return {
    arch,
    path: image.path,
    inputs: {
      file,
      size: image.size,
      sha256: image.sha256,
      unpackedSize: unpackedSize(entries),
      format: image.format,
      tool: image.tool,
      ...(Object.keys(image.libraries).length === 0 ? {} : { libraries: image.libraries }),
      packing: image.packing,
      machine: await thisMachine(),
      epoch: settings.epoch,
      options: plan.options,
      artifacts: fetched.map(({ url, size, sha256, proof, signature }) => ({
        url,
        size,
        sha256,
        proved: showProof(proof),
        ...(signature === undefined ? {} : { signature }),
      })),
      ...(go.length === 0 ? {} : { go }),
      ...(builds.length === 0 ? {} : { builds }),
    },
    warnings: findings.filter(({ severity }) => severity === 'warning'),
  };
}

function promisedPrograms({ smoke }: ImagePlan): PromisedProgram[] {
  return smoke.map(({ argv: [program = ''], place }) => ({ program, said: showPlace(place) }));
}

function artifactOf(plan: ImagePlan, fetched: readonly Fetched[], wanted: string): Fetched {
  const found = fetched[plan.downloads.findIndex(({ name }) => name === wanted)];
  if (found !== undefined) return found;
  throw new UserError(
    'recipe.invalid',
    `${plan.name} ${plan.version}: expected an artifact "${wanted}" for ${plan.arch}, got none`,
    {
      hint: 'the entry of that name has conditions that do not hold here',
    },
  );
}

function refuseErrors(what: string, findings: readonly Diagnostic[]): void {
  const errors = findings.filter(isError);
  if (errors.length === 0) return;
  const lines = errors.map(({ place, message }) => `  ${place.file}: ${message}`);
  throw new UserError(
    'tree.broken-rules',
    `${what}: the finished tree breaks ${errors.length} rule(s)\n${lines.join('\n')}`,
    { diagnostics: errors },
  );
}
