import { createServer } from 'node:http';
import { patientServer } from './patient-server.ts';
import { portOf } from './port-of.ts';
import { serveGit } from './upstream-mirror/serve-git.ts';

export interface GitServer extends AsyncDisposable {
  /** No slash at the end. */
  readonly url: string;
}

/** Serves the repositories in a folder over HTTP, on loopback. */
export async function gitServer(folder: string): Promise<GitServer> {
  const server = createServer(patientServer, (request, response) => {
    const path = new URL(request.url ?? '/', 'http://git').pathname.slice(1);
    serveGit(folder, path, request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
