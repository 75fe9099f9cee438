import { basename, dirname, join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { jsonOrNothing } from '../language/foreign-data.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import type { Arch } from '../names/arch.ts';
import { allArches } from '../names/arch.ts';
import { imageName, inputsName } from '../names/file-names.ts';
import { releaseTag } from '../names/tag.ts';
import { ImageInputs, Inputs } from '../provenance/inputs.ts';
import type { Store } from '../store/store.ts';
import type { ImageRecord } from './compare-inputs.ts';
import type { Side } from './comparison.ts';

export interface PublishedImage {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
}

/** A published image, downloaded into `folder`. */
export async function publishedSide(id: PublishedImage, store: Store, folder: string): Promise<Side> {
  const tag = releaseTag(id.name, id.version);
  const [release] = await store.releases([tag]);
  if (release === undefined) {
    throw new UserError(
      'store.missing',
      `${tag}: expected a published version in ${store.name}, found none`,
      {
        hint: 'give the version as it was published, with or without its "v"',
      },
    );
  }
  const file = imageName(id);
  const asset = release.assets.find(({ name }) => name === file);
  if (asset === undefined) {
    const images = release.assets.filter(({ name }) => name.endsWith('.raw')).map(({ name }) => name);
    throw new UserError(
      'store.missing',
      `${tag}: expected ${file} in it, got ${images.join(', ') || 'no images'}`,
    );
  }
  const path = join(folder, file);
  await store.download(tag, asset, path);
  const text = await store.read(tag, inputsName(id.name, id.version));
  const record = text === undefined ? undefined : recordIn(text, id.arch);
  return { name: file, path, ...(record === undefined ? {} : { record }) };
}

const maxRecord = 16 * 1024 * 1024; // bytes

/** An image on this machine; what lies beside it under the names of `create` and of releases is its record. */
export async function localSide(path: string, shown: string): Promise<Side> {
  const file = basename(path);
  const arch = allArches.find((one) => file.endsWith(`-${one}.raw`));
  const bases = [file.replace(/\.raw$/, ''), file.replace(new RegExp(`-${arch}\\.raw$`), '')];
  for (const base of bases) {
    const text = await readPlain(join(dirname(path), `${base}.inputs.json`), { maxBytes: maxRecord });
    const record = text === undefined ? undefined : recordIn(text.toString('utf8'), arch);
    if (record !== undefined) return { name: shown, path, record };
  }
  return { name: shown, path };
}

/** The record of one image in that of its version, or in one of its own. */
function recordIn(text: string, arch: Arch | undefined): ImageRecord | undefined {
  const data = jsonOrNothing(text);
  const own = ImageInputs.safeParse(data).data;
  if (own !== undefined) return { image: own };
  const { images = {}, ...version } = Inputs.safeParse(data).data ?? {};
  const image = arch === undefined ? undefined : images[arch];
  return image === undefined || !('recipe' in version) ? undefined : { image, version };
}
