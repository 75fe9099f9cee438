import { redirectConfig, type RedirectConfig } from './config.ts';
import { redirect } from './redirect.ts';

/** Settings of the platform, as Cloudflare Workers have them in wrangler.toml under [vars]. */
export interface RedirectEnv {
  /** `OWNER/REPO`. */
  readonly BAKERY_REPO: string;
  /** `https://github.com` by default. */
  readonly BAKERY_SERVER?: string;
}

export interface FetchHandler {
  fetch(request: Request, env: RedirectEnv): Response;
}

/**
 * The redirector for platforms that call `fetch(request, env)`. A Request holds a parsed URL: dot segments,
 * backslashes and fragments are resolved before we see it.
 */
export function fetchHandler(): FetchHandler {
  let known: { readonly env: RedirectEnv; readonly config: RedirectConfig } | undefined;
  return {
    fetch: (request, env) => {
      if (known?.env !== env) {
        const config = redirectConfig({ repo: env.BAKERY_REPO, server: env.BAKERY_SERVER });
        known = { env, config };
      }
      const { pathname, search } = new URL(request.url);
      const answer = redirect({ method: request.method, path: pathname + search }, known.config);
      return new Response(request.method === 'HEAD' || answer.body === '' ? null : answer.body, {
        status: answer.status,
        headers: answer.headers,
      });
    },
  };
}
