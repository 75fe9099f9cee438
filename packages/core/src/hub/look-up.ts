import { refusedPath } from './path-patterns.ts';
import { routes } from './routes.ts';

/** What the paths of a hub begin with; below it and at the top is the same. */
export const hubPrefix = '/extensions/';

/** Answered with `ok`, for whoever watches. */
export const healthPath = '/healthz';

const refused = new RegExp(refusedPath);
const table = routes.map((route) => ({ ...route, pattern: new RegExp(`^${route.pattern}$`) }));

/** Which file of which release a path stands for, decoded and behind the prefix; `undefined` for none that hosts ask for. */
export function lookUp(path: string): { readonly release: string; readonly file: string } | undefined {
  if (refused.test(path)) return undefined;
  for (const { pattern, release, file } of table) {
    const caught = pattern.exec(path);
    if (caught !== null) return { release: fill(release, caught), file: fill(file, caught) };
  }
  return undefined;
}

/** What the groups of a route catch has only letters, digits and `._+-`: it needs no encoding in a URL. */
function fill(template: string, caught: RegExpExecArray): string {
  return template.replaceAll(/\$(\d)/g, (_, group: string) => caught[Number(group)] ?? '');
}
