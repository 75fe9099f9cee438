import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenpgpSigner, openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { type Bench, signatureBench } from '../../testing/signature-bench.ts';
import { fetchArtifacts } from '../fetch/fetch-artifacts.ts';
import { fetchHttp } from '../fetch/http.ts';
import { flatcarGuest } from './flatcar-guest.ts';
import { channelOf, type FetchFiles, type FlatcarChoice } from './flatcar-release.ts';

const version = '4459.2.0';
const image = `flatcar_production_qemu_uefi_image.img`;
const names = [
  image,
  'flatcar_production_qemu_uefi_efi_code.qcow2',
  'flatcar_production_qemu_uefi_efi_vars.qcow2',
];
const host = '/stable.release.flatcar-linux.net/amd64-usr';
const keyPath = '/www.flatcar.org/security/image-signing-key/Flatcar_Image_Signing_Key.asc';

let buildbot: OpenpgpSigner;
let stranger: OpenpgpSigner;
beforeAll(() => {
  buildbot = openpgpSigner({ subkey: true });
  stranger = openpgpSigner();
});
afterAll(() => {
  buildbot[Symbol.dispose]();
  stranger[Symbol.dispose]();
});

describe('Flatcar, from a stand-in for its servers', () => {
  it('is the newest release of a channel, its image and firmware proved', async () => {
    await using bench = await flatcar();
    const { guest, version: found } = await fetchGuest(bench);
    expect(found).toBe(version);
    expect(guest).toMatchObject({ format: 'qcow2' });
    expect(await readFile(guest.disk, 'utf8')).toBe(`bytes of ${image}`);
    const { firmware } = guest;
    expect(await readFile(firmware !== undefined && 'code' in firmware ? firmware.code : '', 'utf8')).toBe(
      `bytes of ${names[1]}`,
    );
  });

  it('is fetched once, and then had offline', async () => {
    await using bench = await flatcar();
    const first = await fetchGuest(bench);
    await fetchGuest(bench);
    expect(bench.server.log.filter(({ path }) => path.endsWith('image.img'))).toHaveLength(1);
    const asked = bench.server.log.length;
    expect(await fetchGuest(bench, {}, { offline: true })).toEqual(first);
    expect(bench.server.log).toHaveLength(asked);
  });

  it('says offline what was never fetched', async () => {
    await using bench = await flatcar();
    await expect(fetchGuest(bench, {}, { offline: true })).rejects.toThrow(
      'current/version.txt: expected it in the cache (--offline), found nothing there',
    );
  });

  it('goes on where a download broke off', async () => {
    await using bench = await flatcar();
    const body = `bytes of ${image}`;
    const faults = [{ kind: 'reset' as const, after: 6, times: 1 }];
    bench.server.serve(`${host}/${version}/${image}`, { body, faults });
    const { guest } = await fetchGuest(bench);
    expect(await readFile(guest.disk, 'utf8')).toBe(body);
  });

  it('is another channel or release for another architecture when asked', async () => {
    await using bench = await flatcar();
    const folder = '/lts.release.flatcar-linux.net/arm64-usr/4081.3.6';
    serveRelease(bench, folder, buildbot);
    const { version: found } = await fetchGuest(bench, { release: '4081.3.6' }, { arch: 'arm64' });
    expect(found).toBe('4081.3.6');
  });

  it.each<[string, (bench: Bench) => void, string]>([
    [
      'a signature by somebody else',
      ({ server }) => server.serve(`${host}/${version}/${image}.sig`, stranger.detached(`bytes of ${image}`)),
      'expected a signature by a key in',
    ],
    [
      'a signature of other bytes',
      ({ server }) => server.serve(`${host}/${version}/${image}.sig`, buildbot.detached('others')),
      'that does not fit the bytes',
    ],
    [
      'no signature',
      ({ server }) => server.remove(`${host}/${version}/${image}.sig`),
      'expected its OpenPGP signature at',
    ],
    [
      'other bytes than its digests say',
      ({ server }) => server.serve(`${host}/${version}/${image}`, 'others'),
      'expected sha512',
    ],
    [
      'no digests',
      ({ server }) => server.remove(`${host}/${version}/${image}.DIGESTS`),
      'expected its hash in',
    ],
    [
      'a version.txt of somebody else',
      ({ server }) => server.serve(`${host}/current/version.txt`, 'FLATCAR_VERSION=1.2.3\n'),
      'that does not fit the bytes',
    ],
  ])('is refused with %s', async (_title, spoil, message) => {
    await using bench = await flatcar();
    spoil(bench);
    await expect(fetchGuest(bench)).rejects.toThrow(message);
  });

  it('counts by Flatcar’s own fingerprint, whatever its address serves', async () => {
    await using bench = await flatcar();
    bench.server.serve(keyPath, buildbot.publicKey);
    const choice = { channel: 'stable' as const };
    await expect(flatcarGuest(choice, 'x86-64', fetcher(bench))).rejects.toThrow(
      'expected the key F88CFEDEFF29A5B4D9523864E25D9AED0593B34A, got',
    );
  });
});

it.each([
  ['4500.0.0', 'alpha'],
  ['4500.1.0', 'beta'],
  ['4459.2.1', 'stable'],
  ['4081.3.6', 'lts'],
])('release %s is of the channel %s', (release, channel) => {
  expect(channelOf(release)).toBe(channel);
});

it('refuses what is no release', () => {
  expect(() => channelOf('newest')).toThrow('--release: expected MAJOR.MINOR.PATCH, got "newest"');
});

async function flatcar(): Promise<Bench> {
  const bench = await signatureBench();
  serveRelease(bench, `${host}/${version}`, buildbot);
  const text = `FLATCAR_BUILD=4459\nFLATCAR_VERSION=${version}\n`;
  bench.server.serve(`${host}/current/version.txt`, text);
  bench.server.serve(`${host}/current/version.txt.sig`, buildbot.detached(text, { armoured: false }));
  bench.server.serve('/keys.asc', buildbot.publicKey);
  return bench;
}

/** Files as Flatcar lays them out: beside each its digests, of which only the last is strong, and a signature. */
function serveRelease({ server }: Bench, folder: string, signer: OpenpgpSigner): void {
  for (const name of names) {
    const body = `bytes of ${name}`;
    server.serve(`${folder}/${name}`, body);
    server.serve(`${folder}/${name}.sig`, signer.detached(body, { armoured: false }));
    const digests = ['md5', 'sha1', 'sha512'].map(
      (kind) => `# ${kind.toUpperCase()} HASH\n${createHash(kind).update(body).digest('hex')}  ${name}\n`,
    );
    server.serve(`${folder}/${name}.DIGESTS`, digests.join(''));
  }
}

function fetchGuest(
  bench: Bench,
  choice: Partial<FlatcarChoice> = {},
  { arch = 'x86-64', offline = false }: { arch?: 'x86-64' | 'arm64'; offline?: boolean } = {},
) {
  const keys = `${bench.server.url}/keys.asc`;
  return flatcarGuest({ channel: 'stable', keys, ...choice }, arch, fetcher(bench, { offline }));
}

function fetcher({ context, server }: Bench, { offline = false } = {}): FetchFiles {
  const mirrors = [{ prefix: 'https://', target: `${server.url}/` }];
  const shared = { ...context, mirrors, offline };
  const http = fetchHttp({ ...shared, userAgent: 'test', githubHosts: [], now: Date.now });
  return (downloads, arch) => fetchArtifacts(downloads, { ...shared, http, arch });
}
