import type { Bakery } from '@bakery/core/bakery.ts';
import { type Catalogue, extensionIn } from '@bakery/core/catalogue.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { type Arch, imageName } from '@bakery/core/names.ts';
import type { Extension } from '@bakery/core/os-image.ts';
import { readAsked } from './asked.ts';

/** EXT[:VERSION] as a bakery has published them, with the files that keep a host up to date; by their hashes in its catalogue. */
export async function publishedImages(
  words: readonly string[],
  arch: Arch,
  { bakery, catalogue }: { readonly bakery: Bakery; readonly catalogue: Catalogue },
): Promise<Extension[]> {
  return Promise.all(
    readAsked(words, []).map(async ({ name, version }) => {
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
      const addresses = [transfer.url, transfer.url.replace(/\.transfer$/, '.conf')];
      const updates = await Promise.all(
        addresses.map(async (url) => {
          const text = await bakery.ports.http.text(url);
          return text === undefined ? [] : [{ name: url.slice(url.lastIndexOf('/') + 1), text }];
        }),
      );
      const file = imageName({ name, version: found.version, arch });
      return { name, file, path: fetched?.path ?? '', updates: updates.flat() };
    }),
  );
}
