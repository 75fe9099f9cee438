import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OpenpgpSigner, openpgpSigner } from '@bakery/testbed/openpgp-signer.ts';
import { type Route, startUpstream, type Upstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import { changeTransfer, dropRoutes, fillHub, type HubChange, textAt } from '../../testing/hub-routes.ts';
import { ringNames } from '../names/ring-names.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { checkHub, type ConformanceContext, type ConformanceRequest } from './check-hub.ts';

const own = openpgpSigner();
const stranger = openpgpSigner();
const routes: Record<string, Route> = {};

let server: Upstream;
let url: string;
beforeAll(async () => {
  server = await startUpstream(routes);
  url = `${server.url}/`;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const one of [own, stranger]) one[Symbol.dispose]();
});
beforeEach(() => {
  dropRoutes(routes, /./);
  fillHub(routes, url, ['1.33.5', '1.34.1'], { verify: true });
  sign(own);
  placeRing(own.ring);
});

const broken: readonly (readonly [string, string, HubChange])[] = [
  ['Verify=false', 'transfer-unverified', changeTransfer('Verify=true', 'Verify=false')],
  ['a signature by another key', 'signature-key', () => sign(stranger)],
  [
    'a second signature by another key',
    'signature-key',
    () => {
      const both = [own, stranger].map((one) => one.detached(textAt(routes, '/k3s/SHA256SUMS'), binary));
      routes['/k3s/SHA256SUMS.gpg'] = Buffer.concat(both);
    },
  ],
  [
    'the signature of the manifest before',
    'signature-stale',
    () => fillHub(routes, url, ['1.34.2'], { verify: true }),
  ],
  ['an empty signature', 'signature-broken', () => (routes['/k3s/SHA256SUMS.gpg'] = '')],
  [
    'a clear-signed manifest as its signature',
    'signature-broken',
    () => (routes['/k3s/SHA256SUMS.gpg'] = own.clearSigned(textAt(routes, '/k3s/SHA256SUMS'))),
  ],
  [
    'a signature by a name that systemd 257 does not ask for',
    'signature-name',
    () => {
      routes['/k3s/SHA256SUMS.asc'] = routes['/k3s/SHA256SUMS.gpg'] ?? '';
      delete routes['/k3s/SHA256SUMS.gpg'];
    },
  ],
  ['Verify=true and no signature', 'transfer-verify', () => dropRoutes(routes, /SUMS\.gpg$/)],
  ['no ring', 'ring-missing', () => dropRoutes(routes, /pubring/)],
  ['an armored ring', 'ring-form', () => placeRing(own.publicKey)],
  ['a ring without keys', 'ring-form', () => placeRing('none')],
  ['a ring by one name only', 'ring-pair', () => dropRoutes(routes, /pubring\.pgp/)],
  ['two rings', 'ring-pair', () => (routes['/import-pubring.pgp'] = stranger.ring)],
];

describe('a signed hub with', () => {
  it.each(broken)('%s gets %s', async (_what, rule, change) => {
    change(routes, url);
    const { complaints } = await check();
    expect(new Set(complaints.map(({ code }) => code))).toEqual(new Set([`hub.${rule}`]));
    for (const { place, message } of complaints) {
      expect(place.file).toContain(url);
      expect(message).toMatch(/^expected .+, got .+/s);
    }
  });
});

it('has nothing to complain about, by its own ring or by that of a host', async () => {
  expect((await check()).complaints).toEqual([]);
  expect((await check({ ring: ringOf(own) })).complaints).toEqual([]);
  const { complaints } = await check({ ring: ringOf(stranger) });
  expect(complaints).toMatchObject([
    { code: 'hub.signature-key', place: { file: `${url}SHA256SUMS.gpg` } },
    {
      code: 'hub.signature-key',
      place: { file: `${url}k3s/SHA256SUMS.gpg` },
      message: expect.stringContaining('by keys of the ring of a host, got one by '),
    },
  ]);
});

it('is looked at once more where its signature may be on its way', async () => {
  sign(stranger);
  const sleep = async (): Promise<void> => sign(own);
  expect((await check({}, { sleep })).complaints).toEqual([]);
});

it('is not called proved on a machine without gpg, which says what to install', async () => {
  const { complaints } = await check({}, { exec: spawnExec({ PATH: '/nonexistent' }) });
  expect(complaints.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning hub.signature-unchecked',
    'warning hub.signature-unchecked',
  ]);
  expect(complaints[0]?.message).toContain('apt-get install gpg, or dnf install gnupg2');
});

const binary = { armoured: false };

function sign(by: OpenpgpSigner): void {
  for (const path of ['/SHA256SUMS', '/k3s/SHA256SUMS']) {
    routes[`${path}.gpg`] = by.detached(textAt(routes, path), binary);
  }
}

function placeRing(bytes: string | Uint8Array): void {
  for (const name of ringNames) routes[`/${name}`] = bytes;
}

function ringOf({ ring }: OpenpgpSigner) {
  return { bytes: ring, place: 'the ring of a host' };
}

function check(wishes: Partial<ConformanceRequest> = {}, world: Partial<ConformanceContext> = {}) {
  const request = { url, extensions: ['k3s'], deep: false, systemd: false, known: [], today: '2026-11-23' };
  const context = {
    http: upstreamHttp(),
    exec: spawnExec({}),
    report: silentReport,
    tmpdir: tmpdir(),
    sleep: async () => {},
  };
  return checkHub({ ...request, ...wishes }, { ...context, ...world });
}
