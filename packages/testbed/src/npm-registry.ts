import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { patientServer } from './patient-server.ts';
import { portOf } from './port-of.ts';

/** One published version; members are paths inside `package/`. */
export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  readonly members?: Readonly<Record<string, string | Uint8Array | Member>>;
  /** More fields of package.json, e.g. `os` and `cpu`. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** When it was published (ISO 8601). */
  readonly time?: string;
  /** States another integrity than the tarball has; `false` states none. */
  readonly integrity?: string | false;
}

export interface Member {
  readonly content: string | Uint8Array;
  readonly mode: number;
}

export interface NpmRegistry extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  /** `METHOD PATH` of every request so far. */
  readonly log: readonly string[];
  publish(published: PublishedPackage): Promise<{ readonly integrity: string; readonly tarball: Uint8Array }>;
  unpublish(name: string, version: string): void;
}

interface Stored {
  readonly published: PublishedPackage;
  readonly tarball: Uint8Array;
}

/** A registry on loopback that the real `npm view` and `npm pack` understand (`--registry URL`). */
export async function npmRegistry(packages: readonly PublishedPackage[] = []): Promise<NpmRegistry> {
  const stored = new Map<string, Stored>();
  const log: string[] = [];
  const server = createServer(patientServer, (request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/').slice(1);
    log.push(`${request.method ?? 'GET'} /${path}`);
    const file = [...stored.values()].find(({ published }) => tarballPath(published) === path);
    const versions = [...stored.values()].filter(({ published }) => published.name === path);
    if (file !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.tarball);
    } else if (versions.length > 0) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(packument(path, versions, url)));
    } else {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server.address())}/`;

  const publish = async (published: PublishedPackage) => {
    const tarball = await packTarball(published);
    stored.set(`${published.name}@${published.version}`, { published, tarball });
    return { integrity: integrityOf(tarball), tarball };
  };
  for (const published of packages) await publish(published);
  return {
    url,
    log,
    publish,
    unpublish: (name, version) => void stored.delete(`${name}@${version}`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function packument(name: string, versions: readonly Stored[], url: string): unknown {
  const newest = versions.at(-1)?.published.version;
  const manifests = versions.map(({ published, tarball }) => [
    published.version,
    {
      ...packageJson(published),
      _id: `${name}@${published.version}`,
      dist: {
        tarball: url + tarballPath(published),
        shasum: createHash('sha1').update(tarball).digest('hex'),
        ...(published.integrity === false ? {} : { integrity: published.integrity ?? integrityOf(tarball) }),
      },
    },
  ]);
  const times = versions.map(({ published }) => [
    published.version,
    published.time ?? '2026-01-01T00:00:00.000Z',
  ]);
  return {
    _id: name,
    name,
    'dist-tags': { latest: newest },
    time: Object.fromEntries(times),
    versions: Object.fromEntries(manifests),
  };
}

function packageJson({ name, version, manifest }: PublishedPackage): Record<string, unknown> {
  return { name, version, ...manifest };
}

function tarballPath({ name, version }: PublishedPackage): string {
  return `${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
}

function integrityOf(tarball: Uint8Array): string {
  return `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
}

async function packTarball(published: PublishedPackage): Promise<Uint8Array> {
  const archive = pack();
  const mtime = new Date(499_162_500_000); // the moment npm itself writes into every tarball
  const members: Readonly<Record<string, string | Uint8Array | Member>> = {
    'package.json': `${JSON.stringify(packageJson(published))}\n`,
    ...published.members,
  };
  const packed = buffer(archive.pipe(createGzip()));
  for (const [path, given] of Object.entries(members)) {
    const { content, mode } =
      typeof given === 'string' || given instanceof Uint8Array ? { content: given, mode: 0o644 } : given;
    archive.entry({ name: `package/${path}`, mode, mtime }, Buffer.from(content));
  }
  archive.finalize();
  return packed;
}
