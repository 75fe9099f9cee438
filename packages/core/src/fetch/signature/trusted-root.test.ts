import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { fileServer } from '@bakery/testbed/file-server.ts';
import { sigstoreAuthority } from '@bakery/testbed/sigstore-authority.ts';
import { tufRepository } from '@bakery/testbed/tuf-repository.ts';
import { mirrorsFromMap } from '../mirrors.ts';
import { sigstoreRoot } from './trusted-root.ts';

const home = 'https://tuf-repo-cdn.sigstore.dev/';

it('asks the TUF repository, or its mirror, whom to trust, and remembers it', async () => {
  const { root: wanted } = await sigstoreAuthority();
  const { root, files } = tufRepository('trusted_root.json', JSON.stringify(TrustedRoot.toJSON(wanted)));
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bakery-root-'));
  await using server = await fileServer(files);
  const options = {
    folder: folder.path,
    mirrors: mirrorsFromMap({ [home]: `${server.url}/` }, 'test'),
    root,
  };
  const found = await sigstoreRoot({ ...options, offline: false });
  expect(TrustedRoot.toJSON(found)).toEqual(TrustedRoot.toJSON(wanted));
  const asked = server.log.length;
  expect(await sigstoreRoot({ ...options, offline: true })).toEqual(found);
  expect(server.log).toHaveLength(asked);
  expect((await readdir(folder.path)).filter((name) => name.startsWith('first-'))).toEqual([]);
});

it('believes no repository but Sigstore’s own, wherever it is served', async () => {
  const { files } = tufRepository('trusted_root.json', '{}');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bakery-root-'));
  await using server = await fileServer(files);
  const mirrors = mirrorsFromMap({ [home]: `${server.url}/` }, 'test');
  await expect(sigstoreRoot({ folder: folder.path, mirrors, offline: false })).rejects.toThrow(
    `${server.url}: expected Sigstore’s roots of trust, got: `,
  );
});
