import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { findInFolder } from '../lifetime/find-inside.ts';
import { readInside } from '../lifetime/open-inside.ts';
import { globalTag } from '../names/manifest-name.ts';
import { releaseTag } from '../names/tag.ts';
import type { Source } from './source.ts';

const maxBytes = 64 * 1024 * 1024; // of an index or a signature; an extension with 10,000 versions has 2 MB

/** A directory store, or a mirror, on this machine. */
export function folderSource(root: string, name = `dir:${root}`): Source {
  const bytes = (tag: string, file: string): Promise<Buffer | undefined> =>
    readInside(root, pathOf(tag, file), { maxBytes });
  return {
    name,
    bytes,
    text: async (tag, file) => (await bytes(tag, file))?.toString('utf8'),
    image: async (image) => {
      const tags = [image.name, releaseTag(image.name, image.version)];
      for (const tag of tags) {
        const found = findInFolder(root, pathOf(tag, image.file));
        if (found?.stats.isFile() !== true) continue;
        const path = found.at;
        const sha256 = await hashFile(path);
        if (sha256 === image.sha256) return { path, done: () => Promise.resolve() };
        throw new UserError(
          'mirror.differs',
          `${path}: expected sha256 ${image.sha256}, as its index says, got ${sha256}`,
        );
      }
      throw new UserError(
        'mirror.incomplete',
        `${name}: expected an image ${image.file}, as its index says, found none`,
      );
    },
  };
}

function pathOf(tag: string, file: string): string {
  return tag === globalTag ? file : join(tag, file);
}
