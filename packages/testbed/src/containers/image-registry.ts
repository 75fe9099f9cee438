import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { patientServer } from '../patient-server.ts';
import { portOf } from '../port-of.ts';

/** Text files of an image by path, e.g. `etc/name`. */
export type ImageFiles = Readonly<Record<string, string>>;

export interface ImageRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`; the start of references. */
  readonly host: string;
  /** `METHOD PATH` of every request so far. */
  readonly log: readonly string[];
  /** Adds `NAME:latest`, an index with an image for each GOARCH; resolves to its digest. */
  publish(name: string, images: Readonly<Record<string, ImageFiles>>): Promise<string>;
}

interface Blob {
  readonly mediaType: string;
  readonly content: Uint8Array;
}

const media = 'application/vnd.oci.image';

/** A registry of container images on loopback, plain HTTP and without a login, that podman and docker pull from. */
export async function imageRegistry(): Promise<ImageRegistry> {
  const blobs = new Map<string, Blob>(); // by digest, and by NAME:latest
  const log: string[] = [];
  const server = createServer(patientServer, (request, response) => {
    const path = request.url ?? '/';
    log.push(`${request.method ?? 'GET'} ${path}`);
    const [, name = '', wanted = ''] = /^\/v2\/(.+)\/(?:manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
    const found = blobs.get(wanted) ?? blobs.get(`${name}:${wanted}`);
    if (found === undefined) {
      response.writeHead(path === '/v2/' ? 200 : 404).end('{"errors":[]}');
      return;
    }
    response.writeHead(200, {
      'content-type': found.mediaType,
      'content-length': found.content.length,
      'docker-content-digest': digestOf(found.content),
    });
    response.end(request.method === 'HEAD' ? undefined : found.content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const add = (mediaType: string, content: Uint8Array) => {
    const digest = digestOf(content);
    blobs.set(digest, { mediaType, content });
    return { mediaType, digest, size: content.length };
  };
  const publish = async (name: string, images: Readonly<Record<string, ImageFiles>>) => {
    const manifests = [];
    for (const [architecture, files] of Object.entries(images)) {
      const layer = await layerOf(files);
      const rootfs = { type: 'layers', diff_ids: [digestOf(layer)] };
      const config = add(`${media}.config.v1+json`, json({ architecture, os: 'linux', rootfs }));
      const packed = await buffer(createGzip().end(layer));
      const layers = [add(`${media}.layer.v1.tar+gzip`, packed)];
      const mediaType = `${media}.manifest.v1+json`;
      const manifest = add(mediaType, json({ schemaVersion: 2, mediaType, config, layers }));
      manifests.push({ ...manifest, platform: { architecture, os: 'linux' } });
    }
    const mediaType = `${media}.index.v1+json`;
    const content = json({ schemaVersion: 2, mediaType, manifests });
    blobs.set(`${name}:latest`, { mediaType, content });
    return add(mediaType, content).digest;
  };
  return {
    host: `127.0.0.1:${portOf(server.address())}`,
    log,
    publish,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

async function layerOf(files: ImageFiles): Promise<Uint8Array> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mode: 0o644 }, content);
  archive.finalize();
  return buffer(archive);
}
