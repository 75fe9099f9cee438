import { rm } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { download, type DownloadPorts } from '../fetch/download.ts';
import { readBytes } from '../fetch/read-bytes.ts';
import { fileUrls, isPage } from '../hub/address.ts';
import { manifestName } from '../names/manifest-name.ts';
import { releaseTag } from '../names/tag.ts';
import type { HttpAnswer } from '../ports/http.ts';
import type { ListedImage, Source } from './source.ts';

/**
 * A hub, a served folder or the releases of a repository, by the URL all of it begins with. Images come through
 * the cache of `ports`, which goes on where an earlier run was cut off, and leave it when they are done.
 */
export function urlSource(prefix: string, ports: DownloadPorts): Source {
  const { http } = ports;
  return {
    name: prefix,
    text: async (tag, file) => {
      for (const url of fileUrls(prefix, tag, file)) {
        const text = await http.text(url);
        if (text !== undefined && !isPage(text)) return text;
      }
      return undefined;
    },
    bytes: async (tag, file) => {
      for (const url of fileUrls(prefix, tag, file)) {
        const bytes = await readPresent(url, await http.get(url));
        if (bytes !== undefined) return bytes;
      }
      return undefined;
    },
    image: async (image) => {
      const [index = prefix] = fileUrls(prefix, image.name, manifestName);
      const expected = { algorithm: 'sha256', hex: image.sha256, source: index } as const;
      const request = { url: await findImage(prefix, image, ports), expected, proof: index };
      const { path } = await download(request, ports);
      return { path, done: () => rm(path, { force: true }) };
    },
  };
}

/** Hosts ask for images beside the index; releases on GitHub have them in the version’s own release. */
async function findImage(
  prefix: string,
  { file, name, version }: ListedImage,
  { http }: DownloadPorts,
): Promise<string> {
  const urls = [name, releaseTag(name, version)].flatMap((tag) => fileUrls(prefix, tag, file));
  for (const url of urls) {
    const answer = await http.get(url, { method: 'HEAD' });
    await answer.body.cancel();
    const isFile = answer.status === 200 && !isPageType(answer);
    if (isFile) return url;
  }
  throw new UserError(
    'mirror.incomplete',
    `${urls.join(' or ')}: expected an image, as the index of ${name} says, found none`,
  );
}

const maxBytes = 1024 ** 2; // signatures have some hundred bytes

async function readPresent(url: string, answer: HttpAnswer): Promise<Uint8Array | undefined> {
  if (answer.status !== 200 || isPageType(answer)) {
    await answer.body.cancel();
    return undefined;
  }
  return readBytes(url, answer, maxBytes);
}

function isPageType({ headers }: HttpAnswer): boolean {
  return headers.get('content-type')?.startsWith('text/html') === true;
}
