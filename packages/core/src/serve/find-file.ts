import { hubPrefix, lookUp } from '../hub/look-up.ts';
import { refusedTarget } from '../hub/path-patterns.ts';
import { globalTag } from '../names/manifest-name.ts';
import { type OpenFile, openFile } from './open-file.ts';

/**
 * What a request for a folder is answered with: the file of that name, or else what a hub would send a host to. A
 * folder that is asked for by people has its page, if there is one.
 */
export async function findFile(root: string, target: string): Promise<OpenFile | undefined> {
  for (const path of pathsOf(target)) {
    const file = await openFile(root, path);
    if (file !== undefined) return file;
  }
  return undefined;
}

const refused = new RegExp(refusedTarget);

function pathsOf(target: string): readonly string[] {
  const [path = ''] = target.split('?', 1);
  const top = path.startsWith(hubPrefix) ? path.slice(hubPrefix.length - 1) : path;
  const found = refused.test(path) ? undefined : lookUp(decoded(top.slice(1)));
  const ofRelease = found?.release === globalTag ? found.file : `${found?.release}/${found?.file}`;
  return [
    ...new Set([path, top].map((one) => (one.endsWith('/') ? `${one}index.html` : one))),
    ...(found === undefined ? [] : [`/${ofRelease}`]),
  ];
}

/** Whether people look there for the bakery itself. */
export function isHome(target: string): boolean {
  const [path = ''] = target.split('?', 1);
  return ['/', hubPrefix, hubPrefix.slice(0, -1)].includes(path);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return ''; // %zz, which names nothing
  }
}
