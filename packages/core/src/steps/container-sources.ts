import { copyFile, lutimes, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { MemberGlob, RecipePath } from '../language/image-paths.ts';
import { templated } from '../language/slots.ts';
import { GitAddress, GitRef } from '../names/git-ref.ts';
import { archiveFormat } from '../stage/archive-format.ts';
import { type Condition, conditionShape } from '../versions/condition.ts';
import { type BuildContext, outputLimit } from './build-context.ts';
import { extractAll } from './extract-all.ts';
import { applyPatch, fetchGit, type GitRecord } from './git-source.ts';

const GitSource = z
  .strictObject({
    git: templated(GitAddress),
    ref: templated(GitRef).describe('Tag, branch or commit; the commit it stands for is recorded.'),
    submodules: z
      .union([z.boolean(), z.record(MemberGlob, z.string().regex(/^[0-9a-f]{40}$/))], {
        error: 'expected true, false or {FOLDER: COMMIT}',
      })
      .default(false)
      .describe('Whether to fetch submodules; a record moves the named ones to other commits.'),
  })
  .transform((source) => ({ kind: 'git' as const, ...source }));
const ArtifactSource = z
  .strictObject({ artifact: z.string().describe('Name of an entry of artifacts.') })
  .transform((source) => ({ kind: 'artifact' as const, ...source }));

/** What lies beside the script of a container. */
export const Source = z.union([GitSource, ArtifactSource]);
type Source = z.infer<typeof Source>;

/** A patch of the recipe’s folder. */
export const Patch = z.union([
  RecipePath.transform((path): { path: string } & Condition => ({ path })),
  z.strictObject({ path: RecipePath, ...conditionShape }),
]);
type Patch = z.infer<typeof Patch>;

interface Sources {
  readonly sources?: Readonly<Record<string, Source>> | undefined;
  readonly patches?: readonly Patch[] | undefined;
}

/** Puts sources into the folder `input`, patched, and tells which commits they are of. */
export async function placeSources(
  { sources = {}, patches = [] }: Sources,
  input: string,
  context: BuildContext,
): Promise<GitRecord[]> {
  const records: GitRecord[] = [];
  for (const [name, source] of Object.entries(sources)) {
    const folder = join(input, name);
    if (source.kind === 'artifact') {
      await placeArtifact(source.artifact, folder, context);
      continue;
    }
    const record = await fetchGit(source, folder, { ...context, exec: context.ports.exec });
    context.ports.report.info(`${record.url} ${record.ref} is commit ${record.commit}`);
    records.push(record);
  }
  const [first] = Object.keys(sources);
  for (const { path } of patches) {
    if (first === undefined)
      throw new UserError('recipe.invalid', `${context.name}: expected a source to patch, got none`);
    await applyPatch(resolve(context.recipeFolder, path), join(input, first), context.ports.exec);
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
