import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { runChecked } from '../ports/run-checked.ts';
import { findProgram } from '../tools/search-path.ts';
import { outputLimit, type BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import * as argv from './container-args.ts';
import { isOfEngine } from './engine-files.ts';
import { type Engine, engines, findEngine, ociArch } from './engine.ts';
import { extractAll } from './extract-all.ts';
import { findImage } from './find-image.ts';
import { chooseImage } from './image-overrides.ts';
import { containerName, removeDeadContainers } from './leftovers.ts';
import { runLogged } from './run-logged.ts';

/** The part we read of index.json of an OCI image layout. */
const LayoutIndex = z.object({ manifests: z.tuple([z.object({ digest: z.string() })]) });

export interface OciRequest {
  readonly image: string;
  /** Program and arguments to run in it first. */
  readonly run?: readonly string[] | undefined;
}

/**
 * Puts the files of an image of the target architecture into an existing empty folder, with podman, docker, or
 * skopeo and umoci. Files belong to the caller; devices and special permission bits are left out.
 */
export async function ociRootfs(
  request: OciRequest,
  folder: string,
  context: BuildContext,
): Promise<NonNullable<BuildRecord['image']>> {
  const engine = await findEngine(context);
  if (engine !== undefined) return exportContainer(engine, request, folder, context);
  const [skopeo, umoci] = await Promise.all(
    ['skopeo', 'umoci'].map((program) => findProgram(program, context.path)),
  );
  if (skopeo === undefined || umoci === undefined) {
    throw new UserError(
      'program.missing',
      `expected ${engines.join(', ')}, or skopeo and umoci on PATH, found none`,
      {
        hint: 'apt-get install podman',
      },
    );
  }
  return unpackWithUmoci(request, folder, context);
}

async function exportContainer(
  engine: Engine,
  { image, run }: OciRequest,
  folder: string,
  context: BuildContext,
): Promise<NonNullable<BuildRecord['image']>> {
  const { exec } = context.ports;
  await removeDeadContainers(exec, engine);
  const { reference } = chooseImage(image, context.arch, context.images);
  const found = await findImage(reference, context.arch, { exec, engine, offline: context.offline });
  const name = containerName();
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => void (await exec.run(engine, argv.removeArgs([name]))));
  const [program = 'true', ...args] = run ?? [];
  const plan: argv.ContainerPlan = {
    name,
    image: found.name,
    arch: context.arch,
    network: !context.offline,
    env: {},
    command: [program, ...args],
  };
  await runChecked(exec, engine, argv.createArgs(plan, engine));
  if (run !== undefined) await runLogged(engine, argv.startArgs(name), `run ${run.join(' ')}`, context);
  const tar = join(context.scratch, 'image.tar');
  await runChecked(exec, engine, argv.exportArgs(name, tar));
  await extractAll(
    { path: tar, format: 'tar', label: reference },
    folder,
    outputLimit,
    context.ports,
    isOfEngine,
  );
  await rm(tar);
  return { reference: image, id: found.id, ...(reference === image ? {} : { used: reference }) };
}

/** skopeo reads any transport it knows, `docker://` unless the reference names one. */
export function skopeoArgs(reference: string, arch: string, layout: string): string[] {
  const source = transports.test(reference) ? reference : `docker://${reference}`;
  const options = ['--quiet', `--override-arch=${arch}`, '--override-os=linux'];
  return ['copy', ...options, '--', source, `oci:${layout}:image`];
}

const transports = /^(docker:\/\/|(containers-storage|dir|docker-archive|docker-daemon|oci|oci-archive):)/;

export function umociArgs(layout: string, folder: string): string[] {
  return ['raw', 'unpack', '--rootless', `--image=${layout}:image`, folder];
}

async function unpackWithUmoci(
  { image, run }: OciRequest,
  folder: string,
  context: BuildContext,
): Promise<NonNullable<BuildRecord['image']>> {
  if (run !== undefined) {
    throw new UserError(
      'build.image',
      `${image}: expected ${engines.join(' or ')} to run "${run.join(' ')}" in it first`,
    );
  }
  const { exec } = context.ports;
  const { reference } = chooseImage(image, context.arch, context.images);
  const layout = join(context.scratch, 'layout');
  await mkdir(layout);
  await runChecked(exec, 'skopeo', skopeoArgs(reference, ociArch(context.arch), layout));
  await rm(folder, { recursive: true });
  await runChecked(exec, 'umoci', umociArgs(layout, folder));
  const index = readIndex(await readFile(join(layout, 'index.json'), 'utf8'), image);
  await rm(layout, { recursive: true });
  const id = index.manifests[0].digest;
  return { reference: image, id, ...(reference === image ? {} : { used: reference }) };
}

function readIndex(text: string, image: string): z.infer<typeof LayoutIndex> {
  try {
    return LayoutIndex.parse(JSON.parse(text));
  } catch (cause) {
    const got = JSON.stringify(text.slice(0, 80));
    throw new UserError(
      'build.image',
      `${image}: expected skopeo to write the index of an image, got ${got}`,
      { cause },
    );
  }
}
