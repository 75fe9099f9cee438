import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { patientServer } from './patient-server.ts';
import { portOf } from './port-of.ts';
import { withoutScheme } from './upstream-mirror/documents-of.ts';
import { gitAsUpstream } from './upstream-mirror/repositories.ts';
import { serveGit } from './upstream-mirror/serve-git.ts';

const exec = spawnExec(process.env);

/** A tar of sources, and where its project has them: as a tag of a repository, or as a file with a hash beside it. */
export type Source =
  | { readonly tar: string; readonly repository: string; readonly tag: string }
  | { readonly tar: string; readonly url: string };

export interface ServedSources extends AsyncDisposable {
  /** For BAKERY_MIRRORS: sends every https address here. */
  readonly mirrors: string;
}

/** Serves sources on loopback where their projects do; repositories are made below `folder`. */
export async function serveSources(sources: readonly Source[], folder: string): Promise<ServedSources> {
  for (const source of sources) if ('repository' in source) await makeRepository(source, folder);
  const files = sources.flatMap((source) => ('url' in source ? [source] : []));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://upstream').pathname.slice(1);
    const file = files.find(({ url }) => [url, `${url}.sha256`].map(withoutScheme).includes(path));
    if (file === undefined) {
      const { status, headers, body } = await serveGit(folder, path, request);
      response.writeHead(status, headers).end(body);
      return;
    }
    const content = await readFile(file.tar);
    const hash = createHash('sha256').update(content).digest('hex');
    response.end(path.endsWith('.sha256') ? `${hash}  ${file.url.split('/').at(-1)}\n` : content);
  };
  const server = createServer(patientServer, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    mirrors: `https://=http://127.0.0.1:${portOf(server.address())}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function makeRepository(
  { tar, repository, tag }: Extract<Source, { readonly tag: string }>,
  folder: string,
): Promise<void> {
  const path = join(folder, withoutScheme(repository));
  await mkdir(path, { recursive: true });
  await gitAsUpstream(path, ['init', '--quiet', '--initial-branch=main']);
  await runChecked(exec, 'tar', [
    '--extract',
    '--strip-components=1',
    '--no-same-owner',
    `--directory=${path}`,
    `--file=${tar}`,
  ]);
  await gitAsUpstream(path, ['add', '--all', '--force']);
  await gitAsUpstream(path, ['commit', '--quiet', `--message=${tag}`]);
  await gitAsUpstream(path, ['tag', tag]);
}
