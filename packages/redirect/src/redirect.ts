import { refusedPath, refusedTarget } from '@bakery/core/hub/path-patterns.ts';
import { routes } from '@bakery/core/hub/routes.ts';
import { noopTransfer } from '@bakery/core/sysupdate/transfer.ts';
import { badRequest, healthy, methodNotAllowed, noop, notFound, redirectTo, type Answer } from './answers.ts';
import { downloadsUrl, type RedirectConfig } from './config.ts';

export interface Request {
  readonly method: string;
  /** The request target as it came: percent-encoded, with its query if it has one. */
  readonly path: string;
}

export const healthPath = '/healthz';

/** Says where a host finds what it asks for. Nothing but the routes of the table is ever redirected. */
export function redirect({ method, path: target }: Request, config: RedirectConfig): Answer {
  const [encoded = ''] = target.split('?', 1);
  if (/%(?![0-9A-Fa-f]{2})/.test(encoded)) return badRequest;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed;
  if (refusedTargets.test(target)) return notFound;
  const path = decode(encoded);
  if (path === healthPath) return healthy;
  if (path === undefined || !path.startsWith(config.prefix) || refusedPaths.test(path)) return notFound;
  return lookUp(path.slice(config.prefix.length), downloadsUrl(config));
}

const refusedTargets = new RegExp(refusedTarget);
const refusedPaths = new RegExp(refusedPath);
const table = routes.map((route) => ({ ...route, pattern: new RegExp(`^${route.pattern}$`) }));

function lookUp(path: string, downloads: string): Answer {
  if (path === noopTransfer.name) return noop;
  for (const { pattern, release, file } of table) {
    const caught = pattern.exec(path);
    if (caught !== null) return redirectTo(`${downloads}/${fill(release, caught)}/${fill(file, caught)}`);
  }
  return notFound;
}

/** What the groups of a route catch has only letters, digits and `._+-`: it needs no encoding in a URL. */
function fill(template: string, caught: RegExpExecArray): string {
  return template.replaceAll(/\$(\d)/g, (_, group: string) => caught[Number(group)] ?? '');
}

function decode(encoded: string): string | undefined {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // %ff: no UTF-8
  }
}
