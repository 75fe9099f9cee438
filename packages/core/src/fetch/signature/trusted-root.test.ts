import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { fileServer } from '@bakery/testbed/file-server.ts';
import { sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';
import { tufRepository } from '@bakery/testbed/tuf-repository.ts';
import { cacheIn } from '../cache.ts';
import { mirrorsFromMap } from '../mirrors.ts';
import { sigstoreRoot } from './trusted-root.ts';

const home = 'https://tuf-repo-cdn.sigstore.dev/';

it('asks the TUF repository, or its mirror, whom to trust, and remembers it', async () => {
  const { root: wanted } = await sigstoreAuthority();
  const { root, files } = tufRepository('trusted_root.json', JSON.stringify(TrustedRoot.toJSON(wanted)));
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bakery-root-'));
  await using server = await fileServer(files);
  const options = {
    cache: cacheIn(folder.path, { verify: false, now: Date.now }),
    mirrors: mirrorsFromMap({ [home]: `${server.url}/` }, 'test'),
    root,
  };
  const found = await sigstoreRoot({ ...options, offline: false });
  expect(TrustedRoot.toJSON(found)).toEqual(TrustedRoot.toJSON(wanted));
  const asked = server.log.length;
  expect(await sigstoreRoot({ ...options, offline: true })).toEqual(found);
  expect(server.log).toHaveLength(asked);
  // Known already: its snapshot and targets, and the list itself.
  expect(await sigstoreRoot({ ...options, offline: false })).toEqual(found);
  expect(server.log.slice(asked).map(({ path }) => path)).toEqual(['/2.root.json', '/timestamp.json']);
  expect(await readdir(join(folder.path, 'partial'))).toEqual([]);
});

it('asks nobody when it is offline, not even when it knows nothing', async () => {
  const { root, files } = tufRepository('trusted_root.json', '{}');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bakery-root-'));
  await using server = await fileServer(files);
  const mirrors = mirrorsFromMap({ [home]: `${server.url}/` }, 'test');
  const cache = cacheIn(folder.path, { verify: false, now: Date.now });
  await expect(sigstoreRoot({ cache, mirrors, root, offline: true })).rejects.toThrow(
    'https://tuf-repo-cdn.sigstore.dev: expected it in the cache (--offline), found nothing there',
  );
  expect(server.log).toEqual([]);
});

it('believes no repository but Sigstore’s own, wherever it is served', async () => {
  const { files } = tufRepository('trusted_root.json', '{}');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bakery-root-'));
  await using server = await fileServer(files);
  const mirrors = mirrorsFromMap({ [home]: `${server.url}/` }, 'test');
  const cache = cacheIn(folder.path, { verify: false, now: Date.now });
  await expect(sigstoreRoot({ cache, mirrors, offline: false })).rejects.toThrow(
    `${server.url}: expected Sigstore’s roots of trust, got: error refreshing TUF metadata: timestamp was signed by 0/1 keys`,
  );
  expect(await readdir(join(folder.path, 'partial'))).toEqual([]);
});
