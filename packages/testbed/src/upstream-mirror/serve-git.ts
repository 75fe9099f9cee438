import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';

/** What `git http-backend` says to a request. */
export interface GitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Answers a request of git’s smart HTTP for the repository at `folder` + `path`, by git’s own CGI program. */
export async function serveGit(folder: string, path: string, request: IncomingMessage): Promise<GitAnswer> {
  const { method = 'GET', headers, url = '/' } = request;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      PATH_INFO: `/${path}`,
      QUERY_STRING: new URL(url, 'http://mirror').search.slice(1),
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    },
  });
  child.stdin.on('error', () => {}); // it reads no further than it needs
  request.pipe(child.stdin);
  return parseCgi(Buffer.concat(await Array.fromAsync(child.stdout)));
}

/** Header lines, an empty line, the body (RFC 3875 section 6). */
function parseCgi(output: Buffer): GitAnswer {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString().split('\r\n');
  const fields = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number.parseInt(fields.get('status') ?? '200', 10);
  fields.delete('status');
  return { status, headers: Object.fromEntries(fields), body: output.subarray(end + 4) };
}
