import type { IncomingHttpHeaders } from 'node:http';
import { failed, notFound, type Answer } from './answer.ts';
import type { Repo } from './state.ts';

export type Level = 'none' | 'read' | 'write';
export type Area = 'contents' | 'issues' | 'actions' | 'administration' | 'pages' | 'environments';

/** What a token may do. An area left out is `none`; what is public stays readable. */
export interface Permissions extends Partial<Readonly<Record<Area, Level | undefined>>> {
  /** `OWNER/NAME` of the only repositories it may write to and see when private; all when left out. */
  readonly repos?: readonly string[] | undefined;
  /** Of a classic token, which tells them in every answer. */
  readonly scopes?: readonly string[] | undefined;
}

/** What a route asks for. */
export interface Need {
  readonly area: Area;
  readonly level: 'read' | 'write';
}

export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'token'; readonly token: string; readonly permissions: Permissions };

/** Who sends these headers, or the 401 that GitHub gives to a token it does not know. */
export function identify(
  headers: IncomingHttpHeaders,
  tokens: ReadonlyMap<string, Permissions>,
): Caller | { readonly kind: 'refused'; readonly answer: Answer } {
  const { authorization } = headers;
  if (authorization === undefined) {
    return { kind: 'anonymous' };
  }
  const token = tokenOf(authorization);
  const permissions = token === undefined ? undefined : tokens.get(token);
  if (token === undefined || permissions === undefined) {
    return { kind: 'refused', answer: failed(401, 'Bad credentials') };
  }
  return { kind: 'token', token, permissions };
}

function tokenOf(authorization: string): string | undefined {
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  if (/^basic$/i.test(scheme)) {
    return Buffer.from(value, 'base64').toString().split(':')[1];
  }
  return /^(?:bearer|token)$/i.test(scheme) ? value : undefined;
}

/** Not even what is public may be read without the permission. */
const ofNobodyElse: ReadonlySet<Area> = new Set(['administration', 'environments']);

export function has(caller: Caller, repo: Repo, need: Need): boolean {
  if (caller.kind === 'anonymous') {
    return false;
  }
  const { permissions } = caller;
  const level = permissions[need.area] ?? 'none';
  const covers =
    permissions.repos?.some((name) => name.toLowerCase() === repo.fullName.toLowerCase()) ?? true;
  return covers && (level === 'write' || level === need.level);
}

/** Private repositories do not exist for those who may not read them. */
export function canSee(caller: Caller, repo: Repo): boolean {
  return !repo.private || has(caller, repo, { area: 'contents', level: 'read' });
}

/** The refusal of a caller who lacks what the route needs, or undefined. */
export function refusal(caller: Caller, repo: Repo, need: Need | undefined): Answer | undefined {
  if (!canSee(caller, repo)) {
    return notFound;
  }
  const isPublicRead = need === undefined || (need.level === 'read' && !ofNobodyElse.has(need.area));
  if (isPublicRead || has(caller, repo, need)) {
    return undefined;
  }
  return caller.kind === 'anonymous'
    ? failed(401, 'Requires authentication')
    : failed(403, 'Resource not accessible by integration');
}
