import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveFormat } from '../stage/archive-format.ts';
import { aptRoot } from './apt-root.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildStep } from './build-step.ts';
import { inputIn, runContainer } from './container.ts';
import { isOfEngine } from './engine-files.ts';
import { extractAll } from './extract-all.ts';
import { ociRootfs } from './oci-rootfs.ts';
import { requirePackages } from './package-spec.ts';

export type Root = Extract<BuildStep, { flix: unknown }>['flix']['root'];

/** A foreign system as a folder of this machine, whose files belong to the caller. */
export interface PreparedRoot {
  readonly path: string;
  readonly record: Omit<BuildRecord, 'step'>;
}

/** Gets the root a step takes programs out of. */
export async function prepareRoot(root: Root, context: BuildContext): Promise<PreparedRoot> {
  const path = join(context.scratch, 'root');
  await mkdir(path);
  if ('apt' in root) {
    const packages = await aptRoot(root, path, context);
    return { path, record: { suite: root.suite, packages } };
  }
  if ('apk' in root) return apkRoot(root, path, context);
  if ('image' in root) return { path, record: { image: await ociRootfs(root, path, context) } };
  const { path: file, url } = context.artifact(root.artifact);
  const archive = { path: file, format: archiveFormat(url), label: url };
  await extractAll(archive, path, outputLimit, context.ports);
  return { path, record: {} };
}

async function apkRoot(
  { apk, image }: Extract<Root, { apk: unknown }>,
  path: string,
  context: BuildContext,
): Promise<PreparedRoot> {
  const input = await inputIn(context.scratch);
  await using container = await runContainer(
    { image, network: true, env: {}, packages: apk, input, program: '', title: 'install packages' },
    context,
  );
  requirePackages(apk, container.packages);
  const tar = join(context.scratch, 'root.tar');
  await container.saveRoot(tar);
  await extractAll({ path: tar, format: 'tar', label: image }, path, outputLimit, context.ports, isOfEngine);
  await rm(tar);
  return { path, record: { image: container.image, packages: [...container.packages] } };
}
