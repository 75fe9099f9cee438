import { noopTransfer } from '@bakery/core/sysupdate.ts';

/** What a request is answered with. `headers` say everything but the length. */
export type Answer =
  | {
      readonly kind: 'redirect';
      readonly status: 302;
      readonly location: string;
      readonly headers: Headers;
      readonly body: '';
    }
  | { readonly kind: 'text'; readonly status: 200; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'bad-request'; readonly status: 400; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'not-found'; readonly status: 404; readonly headers: Headers; readonly body: string }
  | {
      readonly kind: 'method-not-allowed';
      readonly status: 405;
      readonly headers: Headers;
      readonly body: string;
    };

type Headers = Readonly<Record<string, string>>;

/** For how long an answer may be kept, by a host or a cache between. */
export const keep = {
  // Where a file is changes only when the whole bakery moves; what is in it is not our answer.
  redirect: 'public, max-age=3600', // s
  text: 'public, max-age=3600', // s
  notFound: 'public, max-age=300', // s: a newer redirector may know more names
  nothing: 'no-store',
} as const;

const text = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };

export function redirectTo(location: string): Answer {
  const headers = { Location: location, 'Cache-Control': keep.redirect };
  return { kind: 'redirect', status: 302, location, headers, body: '' };
}

export const healthy: Answer = {
  kind: 'text',
  status: 200,
  headers: { ...text, 'Cache-Control': keep.nothing },
  body: 'ok',
};

/** Belongs to no extension, so no release has it. */
export const noop: Answer = {
  kind: 'text',
  status: 200,
  headers: { ...text, 'Cache-Control': keep.text },
  body: noopTransfer.text,
};

export const notFound: Answer = {
  kind: 'not-found',
  status: 404,
  headers: { ...text, 'Cache-Control': keep.notFound },
  body: 'Not found',
};

export const badRequest: Answer = {
  kind: 'bad-request',
  status: 400,
  headers: { ...text, 'Cache-Control': keep.nothing },
  body: 'Bad request',
};

export const methodNotAllowed: Answer = {
  kind: 'method-not-allowed',
  status: 405,
  headers: { ...text, Allow: 'GET, HEAD', 'Cache-Control': keep.nothing },
  body: 'Method not allowed',
};
