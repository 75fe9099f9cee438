import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { inFile } from '../lifetime/file-errors.ts';
import { ownedFolder } from '../lifetime/owned-folder.ts';
import { recordNames } from '../names/file-names.ts';
import { manifestName } from '../names/manifest-name.ts';
import { releaseTag } from '../names/tag.ts';
import type { Release } from '../store/store.ts';
import { formatManifest } from '../sysupdate/manifest.ts';
import { type MirrorContext, workFolder } from './context.ts';
import type { ListedImage, ProvedFile } from './source.ts';

/** Copies the images of one version and what was recorded of them, unless they are there. */
export async function copyVersion(
  name: string,
  version: string,
  images: readonly ListedImage[],
  { source, store, root }: MirrorContext,
): Promise<'copied' | 'there'> {
  const tag = releaseTag(name, version);
  const [have] = await store.releases([tag]);
  if (have !== undefined) {
    requireSame(have, images, join(root, tag));
    return 'there';
  }
  await using scratch = await ownedFolder(join(root, workFolder));
  const proved: (ProvedFile & { readonly name: string })[] = [];
  for (const image of images) proved.push({ name: image.file, ...(await source.image(image)) });
  const records = await Promise.all(
    recordNames(name, version).map(async (file) => ({ name: file, text: await source.text(tag, file) })),
  );
  const texts = [
    ...records.flatMap(({ name: file, text }) => (text === undefined ? [] : [{ name: file, text }])),
    {
      name: manifestName,
      text: formatManifest(images.map(({ file, sha256 }) => ({ name: file, sha256 }))),
    },
  ];
  const written = texts.map(async ({ name: file, text }) => {
    const path = join(scratch.path, file);
    await inFile(path, writeFile(path, text));
    return { name: file, path };
  });
  const files = [...proved, ...(await Promise.all(written))];
  await store.publish({ tag, title: `${name} ${version}`, notes: '', files });
  await Promise.all(proved.map((file) => file.done()));
  return 'copied';
}

/** A published version never changes; one that does is a mistake or an attack, and a person must look. */
function requireSame({ tag, assets }: Release, images: readonly ListedImage[], folder: string): void {
  const known = new Map(assets.map((asset) => [asset.name, asset.sha256]));
  for (const { file, sha256 } of images) {
    const have = known.get(file);
    if (have === sha256) continue;
    const got = have === undefined ? `no ${file} in it` : `${file} with sha256 ${have}`;
    throw new UserError(
      'mirror.differs',
      `${tag}: expected ${file} with sha256 ${sha256} in the copy made earlier, got ${got}`,
      {
        hint: `published versions do not change; if this one may, remove ${folder} and run again`,
      },
    );
  }
}
