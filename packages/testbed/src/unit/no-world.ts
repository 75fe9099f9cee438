import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll } from '@jest/globals';

const channels = {
  child_process: 'started a program',
  'net.client.socket': 'opened a connection',
  'tracing:net.server.listen:asyncStart': 'started a server',
};

// For every unit suite: what imports do not show. A test that meets the world fails.
const met: string[] = [];
const watches = Object.entries(channels).map(([channel, did]) => ({
  channel,
  note: () => void met.push(did),
}));

beforeAll(() => watches.forEach(({ channel, note }) => subscribe(channel, note)));
afterEach(complain);
afterAll(() => {
  watches.forEach(({ channel, note }) => unsubscribe(channel, note));
  complain();
});

function complain(): void {
  const [did] = met.splice(0);
  if (did === undefined) return;
  throw new Error(
    `a unit test ${did}: expected logic alone. Import what does so in the test or its support, e.g. node:child_process, ` +
      'and the suite leaves "npm run test:unit" for "npm test".',
  );
}
