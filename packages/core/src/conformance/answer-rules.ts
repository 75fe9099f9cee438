import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { complain } from './complain.ts';

/** What a server did with a request, redirects followed. */
export type Observed =
  | {
      readonly kind: 'answer';
      readonly url: string;
      readonly status: number;
      /** Address of the last redirect. */
      readonly at: string;
      readonly contentType: string;
      /** Bytes of the whole file, where the server says so. */
      readonly size: number | undefined;
    }
  /** No answer that could be used: no connection, a redirect to nowhere or to another protocol, a 5xx. */
  | {
      readonly kind: 'failed';
      readonly url: string;
      readonly message: string;
      /** Whether nobody was there to answer, whatever path one asks for. */
      readonly isUnreachable?: boolean;
    };

/** A file that must be there, as itself. */
export function checkPresent(observed: Observed): readonly Diagnostic[] {
  const { url } = observed;
  if (observed.kind === 'failed') {
    return [complain('answer-failed', 'error', url, 'an answer over http or https', observed.message)];
  }
  const { status } = observed;
  if (status !== 200 && status !== 206) {
    return [complain('answer-missing', 'error', url, 'status 200', `status ${status}`)];
  }
  return isPage(observed) ? [complain('answer-page', 'error', url, 'the file', 'a page (text/html)')] : [];
}

/** A name that may be free: only a 404 makes systemd look for the next one. */
export function checkAbsent(observed: Observed): readonly Diagnostic[] {
  const { url } = observed;
  if (observed.kind === 'failed') {
    return [complain('answer-404', 'error', url, 'status 404', observed.message)];
  }
  if (observed.status === 404 || (observed.status === 200 && !isPage(observed))) return [];
  const got = observed.status === 200 ? `a page at ${observed.at}` : `status ${observed.status}`;
  return [complain('answer-404', 'error', url, 'status 404 where there is no such file', got)];
}

/** An image as HEAD and GET describe it. */
export function checkSizes(head: Observed, get: Observed): readonly Diagnostic[] {
  const problems = [...checkPresent(get), ...checkPresent(head)];
  if (problems.length > 0 || head.kind === 'failed' || get.kind === 'failed') return problems.slice(0, 1);
  if (get.size === 0) return [complain('image-size', 'error', get.url, 'an image', '0 bytes')];
  if (head.size === undefined || get.size === undefined) {
    return [complain('image-size', 'warning', get.url, 'Content-Length, for progress', 'none')];
  }
  if (head.size === get.size) return [];
  const got = `${head.size} bytes by HEAD, ${get.size} by GET`;
  return [complain('image-size', 'error', get.url, 'one size', got)];
}

function isPage(observed: { readonly contentType: string }): boolean {
  return observed.contentType.startsWith('text/html');
}
