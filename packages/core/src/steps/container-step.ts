import { chmod, copyFile, lutimes, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { archiveFormat } from '../stage/archive-format.ts';
import type { Tree } from '../stage/tree.ts';
import { unpack } from '../stage/unpack.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildStep } from './build-step.ts';
import { inputFolder, outputFolder } from './container-args.ts';
import { inputIn, runContainer } from './container.ts';
import { extractAll } from './extract-all.ts';
import { applyPatch, fetchGit, type GitRecord } from './git-source.ts';

export type ContainerStep = Extract<BuildStep, { container: unknown }>['container'];

/** Runs the script of a step in a container and takes what it left in its output folder. */
export async function buildInContainer(
  step: ContainerStep,
  tree: Tree,
  context: BuildContext,
): Promise<BuildRecord> {
  const input = await inputIn(context.scratch);
  const sources = await placeSources(step, input, context);
  const program = basename(step.script);
  await copyFile(step.script, join(input, program));
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
function environment(step: ContainerStep, context: BuildContext): Record<string, string> {
  return {
    OUT: outputFolder,
    VERSION: context.version,
    ARCH: context.arch,
    JOBS: String(context.jobs),
    SOURCE_DATE_EPOCH: String(context.epoch),
    ...step.env,
  };
}

async function placeSources(
  { sources = {}, patches = [] }: ContainerStep,
  input: string,
  context: BuildContext,
): Promise<GitRecord[]> {
  const records: GitRecord[] = [];
  for (const [name, source] of Object.entries(sources)) {
    const folder = join(input, name);
    if ('artifact' in source) {
      await placeArtifact(source.artifact, folder, context);
      continue;
    }
    const record = await fetchGit(source, folder, { ...context, exec: context.ports.exec });
    context.ports.report.info(`${record.url} ${record.ref} is commit ${record.commit}`);
    records.push(record);
  }
  const [first] = Object.keys(sources);
  for (const patch of patches) {
    if (first === undefined) throw new UserError(`${context.name}: expected a source to patch, got none`);
    const path = typeof patch === 'string' ? patch : patch.path;
    await applyPatch(path, join(input, first), context.ports.exec);
  }
  await levelTimes(input, context.epoch);
  return records;
}

/** An archive is unpacked, without the one folder that archives of sources usually hold. */
async function placeArtifact(name: string, folder: string, context: BuildContext): Promise<void> {
  const { path, url } = context.artifact(name);
  const plain = url.replace(/[?#].*$/, '');
  const isArchive = /\.(tar|tgz|txz|tbz2?|tzst|zip|tar\.[a-z0-9]+)$/.test(plain);
  if (!isArchive) {
    await mkdir(folder);
    await copyFile(path, join(folder, basename(plain)));
    return;
  }
  const whole = join(context.scratch, 'unpacked');
  await mkdir(whole);
  const archive = { path, format: archiveFormat(plain), label: basename(plain) };
  await extractAll(archive, whole, outputLimit, context.ports);
  const [only, ...more] = await readdir(whole, { withFileTypes: true });
  const top = only?.isDirectory() === true && more.length === 0 ? join(whole, only.name) : whole;
  await rename(top, folder);
  await rm(whole, { recursive: true, force: true });
}

const oldest = 315_532_800; // 1980: zip cannot say anything earlier

/** One time for all: `make` rebuilds generated files that look older than what they were made from. */
async function levelTimes(folder: string, epoch: number): Promise<void> {
  const time = Math.max(epoch, oldest);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) await lutimes(join(entry.parentPath, entry.name), time, time);
}

async function takeOutput(
  output: string,
  { take }: ContainerStep,
  tree: Tree,
  { name, ports }: BuildContext,
): Promise<void> {
  const archive = { path: output, format: 'tar' as const, label: `output of the build of ${name}` };
  const top = outputFolder.slice(1);
  const files = Object.entries(take).map(([member, to]) => ({ member, target: { to } }));
  await unpack(archive, { strip: 0, top, files, exclude: [], limit: outputLimit }, tree, ports);
}
