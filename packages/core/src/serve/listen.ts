import { once } from 'node:events';
import type { Server } from 'node:http';
import { UserError } from '../diagnostics/user-error.ts';

/** A server that listens. Disposing stops it: answers under way are finished. */
export interface Listening extends AsyncDisposable {
  /** Ends in `/`. */
  readonly url: string;
}

/** Starts `server`; one that is told to stop waits at most `stopGrace` milliseconds for slow readers. */
export async function listen(
  server: Server,
  {
    address,
    port,
    stopGrace,
  }: { readonly address: string; readonly port: number; readonly stopGrace: number },
): Promise<Listening> {
  server.listen(port, address);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError('system.port', `${address}:${port}: cannot be listened on: ${why}`, {
      cause,
      hint: 'choose another --port, or stop the program that uses it',
    });
  }
  return { url: urlOf(server), [Symbol.asyncDispose]: () => stop(server, stopGrace) };
}

function urlOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no address');
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return `http://${host}:${bound.port}/`;
}

async function stop(server: Server, grace: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(impatience);
}
