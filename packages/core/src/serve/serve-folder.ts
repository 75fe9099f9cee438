import { realpath } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { healthPath } from '../hub/look-up.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { answerFile } from './answer-file.ts';
import { answerPage, pageFor } from './answer-page.ts';
import { answerText } from './answer-text.ts';
import { findFile, isHome } from './find-file.ts';
import { listen, type Listening } from './listen.ts';
import { openFile } from './open-file.ts';

export interface ServeOptions {
  /** Address to listen on; this machine alone by default. */
  readonly address?: string;
  /** Any free one by default. */
  readonly port?: number;
  /** Called once for each request when its answer ended. `path` is the request’s own text. */
  readonly onAnswer?: (answer: ServedAnswer) => void;
  /** What people are shown where the folder has no such file: paths without the first `/`, and their bytes. */
  readonly pages?: () => Promise<ReadonlyMap<string, string | Uint8Array>>;
  /** How long answers under way may take once it is told to stop, in ms. */
  readonly stopGrace?: number;
  /** How long a reader may take no byte of an answer, in ms. */
  readonly idleMs?: number;
}

export interface ServedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export type FileServer = Listening;

const defaultStopGrace = 10_000; // ms; a reader slower than that resumes elsewhere
const defaultIdleMs = 120_000; // each answer holds a file open, of which a process has a thousand

/** Serves the files of a folder as they are at the time of each request, for systemd-sysupdate and browsers. */
export async function serveFolder(folder: string, options: ServeOptions = {}): Promise<FileServer> {
  const {
    address = '127.0.0.1',
    port = 0,
    onAnswer,
    pages,
    stopGrace = defaultStopGrace,
    idleMs = defaultIdleMs,
  } = options;
  const root = await realpath(folder);
  const server = createServer((request, response) => {
    const { method = '', url: path = '' } = request;
    response.once('close', () => {
      onAnswer?.({ method, path, status: response.statusCode });
      if (!server.listening) server.closeIdleConnections();
    });
    void answer({ root, pages }, request, response);
  });
  server.setTimeout(idleMs);
  return listen(server, { address, port, stopGrace });
}

interface Shown {
  readonly root: string;
  readonly pages: ServeOptions['pages'] | undefined;
}

async function answer(
  { root, pages }: Shown,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      answerText(response, 405, 'Method not allowed');
      return;
    }
    const target = request.url ?? '';
    await using file = await findFile(root, target);
    if (file !== undefined) return await answerFile(file, request, response);
    if (target === healthPath) return answerText(response, 200, 'ok');
    const page = pageFor(target);
    const bytes = page === undefined ? undefined : (await pages?.())?.get(page);
    if (page !== undefined && bytes !== undefined) return answerPage(page, bytes, request, response);
    await using catalogue = isHome(target) ? await openFile(root, `/${catalogueName}`) : undefined;
    if (catalogue !== undefined) response.writeHead(302, { Location: `/${catalogueName}` }).end();
    else answerText(response, 404, 'Not found');
  } catch {
    // The reader went away, or the disk failed; there is nobody else to tell.
    if (response.headersSent) response.destroy();
    else answerText(response, 500, 'Cannot be read');
  }
}
