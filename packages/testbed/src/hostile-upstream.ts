import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { portOf } from './port-of.ts';

/** A server that answers every request below `/CASE/` in that way. */
export interface HostileUpstream extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
}

/** What a server may answer that nobody asked for; text is sent as Latin-1, so `\xff` is that byte. */
const answers: Readonly<Record<string, string | ((socket: Socket, path: string) => void)>> = {
  'a page': ok('<!doctype html><title>Please log in</title>', 'content-type: text/html'),
  nothing: ok(''),
  null: ok('null'),
  'an object': ok('{"message":"Not what you think","assets":7,"attestations":{}}'),
  'a list of numbers': ok('[1,2,3]'),
  'a list in a list': ok('['.repeat(200_000)),
  'lists as deep as they are closed': ok('['.repeat(20_000) + ']'.repeat(20_000)),
  'an attestation as deep': ok(
    `{"attestations":[{"bundle":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}]}`,
  ),
  'a list without end': ok(
    `[${'{"name":"v1","tag_name":"v1","draft":false,"prerelease":false},'.repeat(150_000)}{}]`,
  ),
  'many names': ok(`[${'{"name":"1"},'.repeat(150_000)}{"name":"1"}]`),
  'many texts': ok(`[${'"1",'.repeat(150_000)}"1"]`),
  'many lines': ok('version-1\n'.repeat(200_000)),
  'a name of megabytes': ok(
    `[{"name":"1${'0'.repeat(3_000_000)}","tag_name":"1${'0'.repeat(3_000_000)}","draft":false,"prerelease":false}]`,
  ),
  'a text of megabytes': ok(`version-${'1'.repeat(3_000_000)}`),
  'bytes that are no text': ok('\xff\xfe\x00\x80version-\xc3'),
  'NUL bytes': ok('\0'.repeat(1000)),
  'half of a surrogate pair': ok('["\\ud800",{"name":"\\ud800"}]'),
  'an alias without end': ok('a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b,*c]\n'),
  'a next page that is no address': ok('[{"name":"1"}]', 'link: <http://[>; rel="next"'),
  'a next page elsewhere': ok('[{"name":"1"}]', 'link: <http://elsewhere.example/>; rel="next"'),
  'a next page without a number': ok('[{"name":"1"}]', 'x-next-page: \xff%'),
  'gzip that is none': ok('[{"name":"1"}]', 'content-encoding: gzip'),
  'brotli that is none': ok('[{"name":"1"}]', 'content-encoding: br'),
  'an encoding nobody knows': ok('[{"name":"1"}]', 'content-encoding: rot13'),
  'an etag that is none': ok('x', 'etag: \xff"', 'last-modified: \xfe'),
  'a length that is too long': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort',
  'a length nobody can count': 'HTTP/1.1 200 OK\r\ncontent-length: 9000000000000000\r\n\r\nshort',
  'a length that is no number': 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nshort',
  'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 5\r\n\r\nshort',
  'a length that is too short': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[1,2,3]',
  'a part nobody asked for':
    'HTTP/1.1 206 Partial\r\ncontent-range: bytes 7-9/x\r\ncontent-length: 1\r\n\r\nx',
  'chunks that are none': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nxx',
  'a redirect to itself': (socket, path) => socket.end(redirectTo(path)),
  'a redirect to no address': redirectTo('http://['),
  'a redirect to a file': redirectTo('file:///etc/passwd'),
  'a redirect to a script': redirectTo('javascript:alert(1)'),
  'a redirect with a bad escape': redirectTo('/nothing/%zz%00'),
  'a redirect to bytes': redirectTo('\xff\xfe'),
  'a redirect to nowhere': 'HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n',
  'a header without end': `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1_000_000)}\r\n\r\n`,
  'another protocol': 'SSH-2.0-OpenSSH_9.2\r\n',
  'no words': (socket) => socket.end(),
  'a reset at once': (socket) => socket.resetAndDestroy(),
  'a reset in the status': cut('HTTP/1.1 2'),
  'a reset in a header': cut('HTTP/1.1 200 OK\r\ncontent-'),
  'a reset in the body': cut('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{"name"'),
  'no content': 'HTTP/1.1 204 No Content\r\n\r\n',
  'a status nobody knows': 'HTTP/1.1 999 ?\r\ncontent-length: 0\r\n\r\n',
  'an error of bytes': 'HTTP/1.1 500 \x1b[31m\r\ncontent-length: 3\r\n\r\n\xff\xfe\x00',
  'a wait of ages': 'HTTP/1.1 429 No\r\nretry-after: 99999999999999999999\r\ncontent-length: 0\r\n\r\n',
  'a limit for ages':
    'HTTP/1.1 403 No\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 99999999999999999\r\ncontent-length: 0\r\n\r\n',
};

export const hostileCases = Object.keys(answers);

/** The path of a case, for the end of the server’s address. */
export function pathOf(name: string): string {
  return `/${encodeURIComponent(name)}`;
}

export async function hostileUpstream(): Promise<HostileUpstream> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    let asked = '';
    socket.on('data', (bytes) => {
      asked += bytes.toString('latin1');
      if (!asked.includes('\r\n\r\n')) return;
      const path = asked.split(' ')[1] ?? '/';
      asked = '';
      const answer = answers[decodeURIComponent(path.split('/')[1] ?? '')] ?? notFound;
      if (typeof answer === 'string') socket.end(Buffer.from(answer, 'latin1'));
      else answer(socket, path);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const notFound = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n';

function ok(body: string, ...headers: readonly string[]): string {
  return [
    'HTTP/1.1 200 OK',
    ...headers,
    `content-length: ${body.length}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

function redirectTo(location: string): string {
  return `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
}

/** Sends the start of an answer, and resets the connection once it has left. */
function cut(start: string): (socket: Socket) => void {
  return (socket) => void socket.write(start, 'latin1', () => setTimeout(() => socket.resetAndDestroy(), 5));
}
