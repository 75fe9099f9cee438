import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, for a file that may never come. When disposed, those it made go
 * again as far as nothing is in them.
 */
export async function provisionalFolder(path: string): Promise<AsyncDisposable> {
  const first = await mkdir(path, { recursive: true });
  return {
    async [Symbol.asyncDispose]() {
      if (first === undefined) return;
      for (let folder = path; ; folder = dirname(folder)) {
        const isGone = await rmdir(folder).then(
          () => true,
          () => false,
        );
        if (!isGone || folder === first) return;
      }
    },
  };
}
