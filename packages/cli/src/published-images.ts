import type { Bakery } from '@bakery/core/bakery.ts';
import { type Catalogue, extensionIn } from '@bakery/core/catalogue.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { type Arch, imageName } from '@bakery/core/names.ts';
import type { Extension } from '@bakery/core/os-image.ts';
import type { TextFile } from '@bakery/core/sysupdate.ts';
import { readAsked } from './asked.ts';
import { onlyOnce } from './images-of.ts';

/** EXT[:VERSION] as a bakery has published them, with the files that keep a host up to date; by their hashes in its catalogue. */
export async function publishedImages(
  words: readonly string[],
  arch: Arch,
  { bakery, catalogue }: { readonly bakery: Bakery; readonly catalogue: Catalogue },
): Promise<Extension[]> {
  const once = onlyOnce();
  const asked = words.flatMap((word) => readAsked([word], []).map((one) => once(one, word)));
  return Promise.all(
    asked.map(async ({ name, version }) => {
      const { versions, newest, transfer } = extensionIn(catalogue, name);
      const wanted = version === undefined || version === 'latest' ? newest : version;
      const found = versions.find((one) => one.version === wanted && one.state !== 'yanked');
      const image = found?.images.find((one) => one.arch === arch);
      if (found === undefined || image === undefined) {
        throw new UserError(
          'input.invalid',
          `${name}: expected a published version ${wanted ?? ''} for ${arch}, got none`,
          {
            hint: `bakery info ${name} shows what is published`,
          },
        );
      }
      const download = {
        place: { file: name },
        url: image.url,
        integrity: { kind: 'hash' as const, hash: `sha256:${image.sha256}` },
      };
      const [fetched] = await bakery.fetchFiles([download], arch);
      const updates = await Promise.all(
        ['transfer', 'conf'].map((ending) =>
          fetchUpdate(`${name}.${ending}`, transfer.url.replace(/transfer$/, ending), bakery.ports.http),
        ),
      );
      const file = imageName({ name, version: found.version, arch });
      return { name, file, path: fetched?.path ?? '', updates };
    }),
  );
}

async function fetchUpdate(name: string, url: string, http: Bakery['ports']['http']): Promise<TextFile> {
  const text = await http.text(url);
  if (text !== undefined) return { name, text };
  throw new UserError('fetch.not-found', `${url}: expected a file that keeps hosts up to date, found none`, {
    hint: 'leave out --fetch to bake images that are never updated',
  });
}
