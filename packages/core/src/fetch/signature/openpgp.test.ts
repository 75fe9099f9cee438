import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenpgpSigner, openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { type Bench, signatureBench } from '../../../testing/signature-bench.ts';
import type { Download } from '../fetch-artifacts.ts';
import { fetchArtifacts } from '../fetch-artifacts.ts';
import type { Fetched } from '../fetched.ts';
import { hashOf } from '../hashing.ts';
import type { Signature } from './signature.ts';

let project: OpenpgpSigner;
let stranger: OpenpgpSigner;
beforeAll(() => {
  project = openpgpSigner();
  stranger = openpgpSigner();
});
afterAll(() => {
  project[Symbol.dispose]();
  stranger[Symbol.dispose]();
});

const bytes = 'the bytes of a tool';

describe('a detached OpenPGP signature', () => {
  it.each([true, false])('proves an artifact without a checksum (armoured: %s)', async (armoured) => {
    await using bench = await signatureBench();
    bench.server.serve('/tool.asc', project.detached(bytes, { armoured }));
    const fetched = await fetchTool(bench);
    expect(fetched).toMatchObject({
      sha256: hashOf(bytes),
      proof: { kind: 'signature' },
      signature: {
        kind: 'openpgp',
        signs: 'artifact',
        by: project.fingerprint,
        source: `${bench.server.url}/tool.asc`,
      },
    });
    expect(await readdir(join(bench.folder, 'cache/partial'))).toEqual([]);
  });

  it('is checked again, offline and on what the cache holds', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/tool.asc', project.detached(bytes, { armoured: false }));
    const fetched = await fetchTool(bench);
    const asked = bench.server.log.length;
    expect(await fetchTool(bench, {}, { offline: true })).toEqual(fetched);
    expect(bench.server.log).toHaveLength(asked);
    await expect(fetchTool(bench, { signer: [stranger.fingerprint] }, { offline: true })).rejects.toThrow(
      `expected the key ${stranger.fingerprint}, got ${project.fingerprint}`,
    );
  });

  it('may be by a subkey, named by itself or by its primary key', async () => {
    using owner = openpgpSigner({ subkey: true });
    await using bench = await signatureBench();
    bench.server.serve('/keys.asc', owner.publicKey);
    bench.server.serve('/tool.asc', owner.detached(bytes));
    const { subkey = 'none', fingerprint } = owner;
    expect((await fetchTool(bench, { signer: [fingerprint] })).signature?.by).toBe(fingerprint);
    expect((await fetchTool(bench, { signer: [stranger.fingerprint, subkey] })).signature?.by).toBe(subkey);
  });

  it('takes every key of a file in the recipe’s folder, unless one is named', async () => {
    await using bench = await signatureBench();
    const keys = join(bench.folder, 'both.asc');
    await writeFile(keys, `${stranger.publicKey}\n${project.publicKey}`);
    bench.server.serve('/tool.asc', stranger.detached(bytes));
    expect((await fetchTool(bench, { keys, signer: undefined })).signature?.by).toBe(stranger.fingerprint);
    await expect(fetchTool(bench, { keys })).rejects.toThrow(
      `expected a signature by ${project.fingerprint} at ${bench.server.url}/tool.asc, got one by ${stranger.fingerprint}`,
    );
  });

  it('counts beside signatures by keys nobody knows', async () => {
    await using bench = await signatureBench();
    const both = [stranger, project].map((each) => each.detached(bytes, { armoured: false }));
    bench.server.serve('/tool.asc', Buffer.concat(both));
    expect((await fetchTool(bench)).signature?.by).toBe(project.fingerprint);
  });

  it('is not looked at when it is larger than any', async () => {
    await using bench = await signatureBench();
    const one = project.detached(bytes, { armoured: false });
    bench.server.serve('/tool.asc', Buffer.concat(Array.from({ length: 1000 }, () => one)));
    await expect(fetchTool(bench)).rejects.toThrow(
      `${bench.server.url}/tool.asc: expected an OpenPGP signature of at most 65536 bytes, got ${1000 * one.length}`,
    );
  });

  it.each([
    [
      'of other bytes',
      () => project.detached('other bytes'),
      /got one by [0-9A-F]{16} that does not fit the bytes/,
    ],
    [
      'by a stranger',
      () => stranger.detached(bytes),
      /got one by [0-9A-F]{16}, which is not in the key file/,
    ],
    ['over SHA-1', () => project.detached(bytes, { digest: 'SHA1' }), /hash weaker than SHA-256/],
    ['of a text', () => project.detached(bytes, { text: true }), /of a text, whose line ends may change$/],
    ['that is none', () => '<html>Not found</html>', /got no signature$/],
    ['around other bytes', () => project.clearSigned('other bytes'), /got no signature$/],
    ['with other bytes inside', () => project.enveloped('other bytes'), /got no signature$/],
    [
      'beside a bad one',
      () => Buffer.concat([bytes, 'other'].map((signed) => project.detached(signed, { armoured: false }))),
      /does not fit the bytes/,
    ],
  ])('is refused when it is one %s', async (_title, signature, complaint) => {
    await using bench = await signatureBench();
    bench.server.serve('/tool.asc', signature());
    await expect(fetchTool(bench)).rejects.toThrow(complaint);
    await expect(fetchTool(bench)).rejects.toThrow(
      `recipes/x/recipe.yaml:12:5 ${bench.server.url}/tool: expected a signature by ${project.fingerprint}`,
    );
  });

  it('is refused when the key is revoked', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/keys.asc', project.revokedKey);
    bench.server.serve('/tool.asc', project.detached(bytes));
    await expect(fetchTool(bench, {})).rejects.toThrow(/got one by [0-9A-F]{16}, which is revoked/);
  });

  it('is good by a key that has expired since, and not after that', async () => {
    using old = openpgpSigner({ born: '2020-01-01', ends: '2021-01-01' });
    await using bench = await signatureBench();
    bench.server.serve('/keys.asc', old.publicKey);
    bench.server.serve('/tool.asc', old.detached(bytes, { on: '2020-06-01' }));
    expect((await fetchTool(bench, { signer: [old.fingerprint] })).signature?.by).toBe(old.fingerprint);
    expect(bench.said).toContain(
      `${bench.server.url}/tool: signed by ${old.fingerprint} before that key expired`,
    );
    using other = openpgpSigner({ born: '2020-01-01' });
    bench.server.serve('/tool.asc', other.detached(bytes, { on: '2022-06-01' }));
    bench.server.serve('/keys.asc', other.endedKey('2021-01-01'));
    await expect(fetchTool(bench, { signer: [other.fingerprint] })).rejects.toThrow(
      `got one that ${other.fingerprint} made after it expired`,
    );
  });

  it('names what is not there: the signature, the keys', async () => {
    await using bench = await signatureBench();
    const { url } = bench.server;
    await expect(fetchTool(bench)).rejects.toThrow(
      `${url}/tool: expected its OpenPGP signature at ${url}/tool.asc, got no such file`,
    );
    bench.server.serve('/tool.asc', project.detached(bytes));
    await expect(fetchTool(bench, { keys: `${url}/gone.asc` })).rejects.toThrow(
      `${url}/tool: expected the keys of its signature at ${url}/gone.asc, got no such file`,
    );
    bench.server.serve('/empty.asc', 'no key');
    await expect(fetchTool(bench, { keys: `${url}/empty.asc` })).rejects.toThrow(
      `${url}/tool: expected OpenPGP keys in ${url}/empty.asc, got none`,
    );
  });

  it('reads nothing of the user’s own', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/tool.asc', stranger.detached(bytes));
    const home = join(bench.folder, 'home');
    const own = { HOME: home, GNUPGHOME: join(home, 'ring') };
    const { exec } = bench.context;
    const asUser: typeof exec = {
      ...exec,
      run: (program, args, options) => exec.run(program, args, { ...options, env: own }),
    };
    await expect(fetchTool(bench, {}, { exec: asUser })).rejects.toThrow('which is not in the key file');
    await expect(readdir(home)).rejects.toThrow('ENOENT');
  });

  it('counts no key of the machine, whose /etc/gnupg/gpg.conf gpg reads whatever it is told', async () => {
    await using bench = await signatureBench();
    const [keys, ring] = [join(bench.folder, 'keys.asc'), join(bench.folder, 'ring.gpg')];
    await writeFile(keys, project.publicKey);
    await writeFile(ring, stranger.ring);
    const { exec } = bench.context;
    const asConfigured: typeof exec = {
      ...exec,
      run: (program, args, options) => exec.run(program, ['--keyring', ring, ...args], options),
    };
    const fetchIt = (): Promise<Fetched> =>
      fetchTool(bench, { keys, signer: undefined }, { exec: asConfigured });
    bench.server.serve('/tool.asc', stranger.detached(bytes));
    await expect(fetchIt()).rejects.toThrow('which is not in the key file');
    bench.server.serve('/tool.asc', project.detached(bytes));
    expect((await fetchIt()).signature?.by).toBe(project.fingerprint);
    await writeFile(keys, 'no key');
    await expect(fetchIt()).rejects.toThrow(`expected OpenPGP keys in ${keys}, got none`);
  });
});

describe('an OpenPGP signature of a file of sums', () => {
  const sums = `${hashOf(bytes)}  tool\n`;

  it('proves the sums that the hash is then taken from, which are asked for once', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/SHA256SUMS', sums);
    bench.server.serve('/SHA256SUMS.sig', project.detached(sums, { armoured: false }));
    const fetched = await fetchSummed(bench);
    expect(fetched.proof).toMatchObject({ kind: 'hash', hex: hashOf(bytes) });
    expect(fetched.signature).toMatchObject({ kind: 'openpgp', signs: 'sums', by: project.fingerprint });
    expect(bench.server.log.filter(({ path }) => path === '/SHA256SUMS')).toHaveLength(1);
  });

  it('may be one of a text, as sums are', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/SHA256SUMS', sums.replace('\n', '\r\n'));
    bench.server.serve('/SHA256SUMS.sig', project.detached(sums, { text: true }));
    expect((await fetchSummed(bench)).signature).toMatchObject({ kind: 'openpgp', by: project.fingerprint });
  });

  it('stops before the file is asked for when the sums were changed', async () => {
    await using bench = await signatureBench();
    bench.server.serve('/SHA256SUMS', `${hashOf('evil')}  tool\n`);
    bench.server.serve('/SHA256SUMS.sig', project.detached(sums));
    await expect(fetchSummed(bench)).rejects.toThrow(
      `${bench.server.url}/SHA256SUMS: expected a signature by ${project.fingerprint}`,
    );
    expect(bench.server.log.filter(({ path }) => path === '/tool')).toEqual([]);
  });

  it('may stand in the file itself, where only what is signed is read', async () => {
    await using bench = await signatureBench();
    const { url } = bench.server;
    const fetchIt = () =>
      fetchOne(bench, {
        integrity: { kind: 'sums', sums: `${url}/SHA256SUMS` },
        signature: {
          kind: 'clear-signed',
          signs: 'sums',
          keys: `${url}/keys.asc`,
          signer: [project.fingerprint],
        },
      });
    bench.server.serve('/SHA256SUMS', project.clearSigned(sums));
    expect((await fetchIt()).signature).toMatchObject({ kind: 'clear-signed', by: project.fingerprint });
    const evil = `${hashOf('evil')}  tool\n`;
    bench.server.serve('/SHA256SUMS', `${evil}${project.clearSigned('something else\n')}`);
    await expect(fetchIt()).rejects.toThrow('expected an entry for "tool", got no entry at all');
    const twice = [stranger.clearSigned(evil), project.clearSigned(sums)];
    bench.server.serve('/SHA256SUMS', twice.join(''));
    await expect(fetchIt()).rejects.toThrow('which is not in the key file');
    bench.server.serve('/SHA256SUMS', twice.toReversed().join(''));
    expect((await fetchIt()).proof).toMatchObject({ hex: hashOf(bytes) });
    bench.server.serve('/SHA256SUMS', project.clearSigned(sums).replace(hashOf(bytes), hashOf('evil')));
    await expect(fetchIt()).rejects.toThrow('does not fit the bytes');
    bench.server.serve('/SHA256SUMS', sums);
    await expect(fetchIt()).rejects.toThrow('got no signature');
  });
});

type Openpgp = Extract<Signature, { kind: 'openpgp' }>;

function fetchTool(
  bench: Bench,
  signature: Partial<Openpgp> = {},
  context: Partial<Bench['context']> = {},
): Promise<Fetched> {
  const { url } = bench.server;
  const whole = {
    kind: 'openpgp' as const,
    openpgp: `${url}/tool.asc`,
    keys: `${url}/keys.asc`,
    signer: [project.fingerprint],
  };
  return fetchOne(
    bench,
    { integrity: { kind: 'signature' }, signature: { ...whole, signs: 'artifact', ...signature } },
    context,
  );
}

function fetchSummed(bench: Bench): Promise<Fetched> {
  const { url } = bench.server;
  return fetchOne(bench, {
    integrity: { kind: 'sums', sums: `${url}/SHA256SUMS` },
    signature: {
      kind: 'openpgp',
      openpgp: `${url}/SHA256SUMS.sig`,
      keys: `${url}/keys.asc`,
      signer: [project.fingerprint],
      signs: 'sums',
    },
  });
}

async function fetchOne(
  { server, context }: Bench,
  wanted: Pick<Download, 'integrity' | 'signature'>,
  other: Partial<Bench['context']> = {},
): Promise<Fetched> {
  server.serve('/tool', bytes);
  if (!server.has('/keys.asc')) server.serve('/keys.asc', project.publicKey);
  const place = { file: 'recipes/x/recipe.yaml', line: 12, column: 5 };
  const [fetched] = await fetchArtifacts([{ place, url: `${server.url}/tool`, ...wanted }], {
    ...context,
    ...other,
  });
  if (fetched === undefined) throw new Error('expected a file');
  return fetched;
}
