import { healthPath, lookUp, refusedTarget } from '@bakery/core/hub.ts';
import { noopTransfers } from '@bakery/core/sysupdate.ts';
import { badRequest, healthy, methodNotAllowed, noop, notFound, redirectTo, type Answer } from './answers.ts';
import { downloadsUrl, homeUrl, type RedirectConfig } from './config.ts';

export interface Request {
  readonly method: string;
  /** The request target as it came: percent-encoded, with its query if it has one. */
  readonly path: string;
}

/** Where people look; hosts ask for files. */
export function homePaths(prefix: string): readonly string[] {
  return ['/', prefix, prefix.replace(/\/$/, '')];
}

/** Says where a host finds what it asks for. Nothing but the routes of the table is ever redirected. */
export function redirect({ method, path: target }: Request, config: RedirectConfig): Answer {
  const [encoded = ''] = target.split('?', 1);
  if (/%(?![0-9A-Fa-f]{2})/.test(encoded)) return badRequest;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed;
  if (refusedTargets.test(target)) return notFound;
  const path = decode(encoded);
  if (path === healthPath) return healthy;
  if (path === undefined) return notFound;
  if (homePaths(config.prefix).includes(path)) return redirectTo(homeUrl(config));
  const start = path.startsWith(config.prefix) ? config.prefix.length : 1;
  return path.startsWith('/') ? answerFor(path.slice(start), downloadsUrl(config)) : notFound;
}

const refusedTargets = new RegExp(refusedTarget);

function answerFor(path: string, downloads: string): Answer {
  if (noopTransfers().some(({ name }) => name === path)) return noop;
  const found = lookUp(path);
  return found === undefined ? notFound : redirectTo(`${downloads}/${found.release}/${found.file}`);
}

function decode(encoded: string): string | undefined {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // %ff: no UTF-8
  }
}
