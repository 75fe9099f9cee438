import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { isMissing } from '../../lifetime/file-errors.ts';
import type { Arch } from '../../names/arch.ts';
import { imageName, type ImageId } from '../../names/file-names.ts';
import { tagOf } from '../../names/tag.ts';
import { imageInputsName } from './version-images.ts';

/** `NAME@VERSION@ARCH`: what a build job calls its artifact. `@` is in no name and in no version. */
export function artifactName({ name, version, arch }: ImageId): string {
  return `${name}@${version}@${arch}`;
}

/** A glob, as of minimatch, for the artifacts of these arches and for no others. */
export function artifactPattern({ name, version }: Omit<ImageId, 'arch'>, arches: readonly Arch[]): string {
  const [only, ...more] = arches;
  const end = more.length === 0 ? only : `{${arches.join(',')}}`;
  return `${name}@${version}@${end}`;
}

/**
 * Looks at what other jobs left for one version below `folder`: for each arch a folder with the name of its
 * artifact, which holds the image and its record. UserError for anything else in there, as every job of a run may
 * write artifacts. Arches without a folder are not missed here.
 */
export async function checkHandedOver(
  folder: string,
  version: Omit<ImageId, 'arch'>,
  arches: readonly Arch[],
): Promise<void> {
  const expected = new Map(arches.map((arch) => [artifactName({ ...version, arch }), { ...version, arch }]));
  for (const artifact of await namesIn(folder)) {
    const id = expected.get(artifact);
    if (id === undefined) throw refusal(version, [...expected.keys()], artifact);
    const files = [imageName(id), imageInputsName(id)];
    for (const file of await namesIn(join(folder, artifact))) {
      const isPlain = (await lstat(join(folder, artifact, file))).isFile();
      if (!files.includes(file) || !isPlain) throw refusal(version, files, `${artifact}/${file}`);
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (isMissing(error)) return [];
    throw new UserError(
      'release.incomplete',
      `${folder}: expected a folder with what a job left: ${error.message}`,
      {
        cause: error,
      },
    );
  });
}

function refusal(version: Omit<ImageId, 'arch'>, expected: readonly string[], got: string): UserError {
  return new UserError(
    'release.incomplete',
    `${tagOf(version)}: expected only ${expected.join(' and ')} from the jobs that built it, got ${JSON.stringify(got)}`,
    { hint: 'another job of the run wrote that; look at its log before running this one again' },
  );
}
