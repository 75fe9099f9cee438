import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { absent } from '../lifetime/file-errors.ts';
import { releaseTag } from '../names/file-names.ts';
import { globalTag } from '../names/manifest-name.ts';
import type { Source } from './source.ts';

/** A directory store, or a mirror, on this machine. */
export function folderSource(root: string, name = `dir:${root}`): Source {
  const pathOf = (tag: string, file: string): string =>
    tag === globalTag ? join(root, file) : join(root, tag, file);
  const bytes = (tag: string, file: string): Promise<Buffer | undefined> => readPresent(pathOf(tag, file));
  return {
    name,
    bytes,
    text: async (tag, file) => (await bytes(tag, file))?.toString('utf8'),
    image: async (image) => {
      const tags = [image.name, releaseTag(image.name, image.version)];
      for (const path of tags.map((tag) => pathOf(tag, image.file))) {
        const sha256 = await hashPresent(path);
        if (sha256 === undefined) continue;
        if (sha256 === image.sha256) return { path, done: () => Promise.resolve() };
        throw new UserError(`${path}: expected sha256 ${image.sha256}, as its index says, got ${sha256}`);
      }
      throw new UserError(`${name}: expected an image ${image.file}, as its index says, found none`);
    },
  };
}

function readPresent(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(absent);
}

function hashPresent(path: string): Promise<string | undefined> {
  return hashFile(path).catch(absent);
}
