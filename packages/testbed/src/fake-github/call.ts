import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller, Need } from './access.ts';
import type { Answer } from './answer.ts';
import type { Repo, State } from './state.ts';

/** What every handler may look at beyond the request itself. */
export interface World {
  readonly state: State;
  readonly urls: Urls;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sizes: Sizes;
  /** Folder of uploaded bytes. */
  readonly folder: string;
  /** Where the quota of one caller stands, for GET /rate_limit. */
  readonly quota: (caller: Caller) => unknown;
}

/** All without a trailing slash. */
export interface Urls {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly uploadsUrl: string;
  readonly serverUrl: string;
}

export interface Sizes {
  /** How many releases a listing reaches, by REST and GraphQL alike. */
  readonly listedReleases: number;
  readonly assetsPerRelease: number;
  /** Bytes. */
  readonly asset: number;
}

export interface Call {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller;
  /** Parsed JSON, already valid by GitHub's description. */
  readonly body: unknown;
  readonly url: URL;
}

export interface RepoCall extends Call {
  readonly repo: Repo;
  /** May see drafts and write contents. */
  readonly canPush: boolean;
}

/** A request whose body is the content of a file. */
export interface UploadCall extends RepoCall {
  readonly request: IncomingMessage;
  /** Called when the first bytes are here; rejects to end the upload there and then. */
  readonly underway: () => Promise<void>;
}

interface RouteShape {
  readonly method: string;
  /** As GitHub's OpenAPI description writes it. */
  readonly template: string;
  readonly host: Host;
  readonly need?: Need;
}

export type Host = 'api' | 'graphql' | 'uploads' | 'web';

export type Route = RouteShape &
  (
    | { readonly kind: 'plain'; readonly handle: (call: Call) => Answer | Promise<Answer> }
    | { readonly kind: 'repo'; readonly handle: (call: RepoCall) => Answer | Promise<Answer> }
    | { readonly kind: 'upload'; readonly handle: (call: UploadCall) => Promise<Answer> }
  );
