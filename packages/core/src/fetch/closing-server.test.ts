import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { portOf } from '@bakery/testbed/port-of.ts';
import { exchange } from './exchange.ts';

it('reads a body slowly from a server that closes the connection after it', async () => {
  const size = 140_000; // more than a socket buffers, so that reading pauses
  const server = createServer((_, response) => {
    response.writeHead(200, { Connection: 'close', 'Content-Length': size }).end(Buffer.alloc(size));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const options = { mirrors: [], userAgent: 'test', githubHosts: [], idleMs: 600_000 };
  const { body } = await exchange(`http://127.0.0.1:${portOf(server.address())}/`, {}, options);
  let received = 0;
  for await (const piece of body) {
    await sleep(20);
    received += piece.length;
  }
  server.close();
  expect(received).toBe(size);
});
