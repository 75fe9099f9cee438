import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Route, startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import {
  addLoneTree,
  addTrees,
  addVersions,
  changeManifest,
  changeTransfer,
  dropRoutes,
  fillHub,
  type HubChange,
  textAt,
} from '../../testing/hub-routes.ts';
import { sampleBakery } from '../../testing/sample-bakery.ts';
import { hubRules } from '../diagnostics/codes/hub-rules.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { serveFolder } from '../serve/serve-folder.ts';
import { checkHub, type ConformanceRequest } from './check-hub.ts';

describe('a directory store that is served', () => {
  it('has nothing to complain about', async () => {
    await using bakery = await sampleBakery('');
    await mkdir(bakery.root);
    await using server = await serveFolder(bakery.root);
    for (const version of ['v1.33.5+k3s1', 'v1.34.1+k3s1']) await bakery.publish('k3s', version);
    await bakery.publish('docker', '24.0.7');
    await bakery.publish('docker-compose', '2.24.5');
    await bakery.index(server.url);
    const { extensions, complaints } = await check(server.url, { deep: true });
    expect(complaints).toEqual([]);
    expect(
      extensions.map(({ name, versions, images, transfers }) => [name, versions, images, transfers.length]),
    ).toEqual([
      ['docker', ['24.0.7'], 2, 4],
      ['docker-compose', ['2.24.5'], 2, 4],
      ['k3s', ['v1.34.1+k3s1', 'v1.33.5+k3s1'], 4, 6],
    ]);
  });
});

it.each([{}, { extensions: ['k3s'] }])(
  'gives up at once where nobody is there, asked for %j',
  async (asked) => {
    const server = await startUpstream({});
    await server[Symbol.asyncDispose]();
    const { complaints } = await check(`${server.url}/`, asked);
    expect(complaints).toEqual([expect.objectContaining({ code: 'hub.answer-failed', severity: 'error' })]);
  },
);

const manyLines = `${'0'.repeat(64)}  k3s-1-x86-64.raw\n`.repeat(20_000);

const html = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Welcome</title>' };

const broken: readonly (readonly [string, readonly string[], HubChange])[] = [
  ['nothing at all', ['answer-missing'], (routes) => dropRoutes(routes, /./)],
  ['no images of the extension', ['index-empty'], changeManifest(() => `${'0'.repeat(64)}  readme.txt\n`)],
  ['no pattern', ['transfer-pattern'], changeTransfer(/MatchPattern=.*\n/, '')],
  ['an empty manifest', ['manifest-empty'], changeManifest(() => '')],
  ['no newline at the end', ['manifest-newline'], changeManifest((text) => text.trimEnd())],
  ['lines without number', ['manifest-size'], changeManifest((text) => text + manyLines)],
  ['an empty line', ['manifest-empty-line'], changeManifest((text) => `${text}\n`)],
  ['a comment', ['manifest-hash'], changeManifest((text) => `# all versions\n${text}`)],
  ['hashes with dashes', ['manifest-hash'], changeManifest((text) => text.replace(/^.{64}/, '-'.repeat(64)))],
  ['one space', ['manifest-marker'], changeManifest((text) => text.replace('  ', ' '))],
  ['sub-paths', ['manifest-slash'], changeManifest((text) => text.replace('  k3s-', '  k3s/k3s-'))],
  ['an escaped name', ['manifest-escape'], changeManifest((text) => `\\${text}`)],
  ['a tab in a name', ['manifest-name'], changeManifest((text) => `${text}${'0'.repeat(64)}  a\tb\n`)],
  [
    'other bytes than UTF-8',
    ['manifest-utf8'],
    (routes) => (routes['/k3s/SHA256SUMS'] = Uint8Array.from([0xff, 0x0a])),
  ],
  [
    'a name twice',
    ['manifest-duplicate'],
    changeManifest((text) => text + text.split('\n', 1).join('') + '\n'),
  ],
  [
    'a date in the past',
    ['manifest-stale'],
    changeManifest((text) => `${text}${'0'.repeat(64)}  BEST-BEFORE-2020-01-01\n`),
  ],
  [
    'the day of today',
    ['manifest-stale'],
    changeManifest((text) => `${text}${'0'.repeat(64)}  BEST-BEFORE-2026-11-23\n`),
  ],
  [
    'a day that is far away',
    [],
    changeManifest((text) => `${'0'.repeat(64)}  BEST-BEFORE-2026-12-01\n${text}`),
  ],
  [
    'a day that was not renewed',
    ['manifest-ending'],
    changeManifest((text) => `${text}${'0'.repeat(64)}  BEST-BEFORE-2026-11-29\n`),
  ],
  ['a release candidate of a final version', ['version-prerelease'], addVersions('1.34.1-rc1')],
  ['versions with and without v', ['version-mixed-v'], addVersions('v1.35.0')],
  ['versions that differ in separators only', ['version-equal'], addVersions('1.34_1', '1.34+1')],
  [
    'a version with a tilde',
    ['version-charset'],
    changeManifest((text) => `${text}${'0'.repeat(64)}  k3s-1.35~rc1-x86-64.raw\n`),
  ],
  [
    'a signature of an image',
    ['pattern-cross'],
    changeManifest((text) => `${text}${'0'.repeat(64)}  k3s-1.34.1-x86-64.raw.asc\n`),
  ],
  [
    'an extension that starts alike',
    ['pattern-cross'],
    changeManifest((text) => `${text}${'0'.repeat(64)}  k3s-extra-1.0-x86-64.raw\n`),
  ],
  [
    'a start page for every signature',
    ['answer-404'],
    (routes) => {
      for (const end of ['.gpg', '.asc', '.sha256.gpg', '.sha256.asc'])
        routes[`/k3s/SHA256SUMS${end}`] = html;
    },
  ],
  ['403 for one signature', ['answer-404'], (routes) => (routes['/k3s/SHA256SUMS.asc'] = { status: 403 })],
  ['a page for a manifest', ['answer-page'], (routes) => (routes['/k3s/SHA256SUMS'] = html)],
  [
    'a redirect to another protocol',
    ['answer-failed'],
    (routes) => (routes['/k3s/SHA256SUMS'] = to('ftp://127.0.0.1/x')),
  ],
  [
    'a redirect to itself',
    ['answer-failed'],
    (routes, url) => (routes['/k3s/SHA256SUMS'] = to(`${url}k3s/SHA256SUMS`)),
  ],
  [
    'a listed image that is not there',
    ['answer-missing'],
    (routes) => dropRoutes(routes, /1\.34\.1-arm64\.raw$/),
  ],
  ['an image that is a page', ['answer-page'], (routes) => (routes['/k3s/k3s-1.34.1-arm64.raw'] = html)],
  ['an image of no bytes', ['image-size'], (routes) => (routes['/k3s/k3s-1.34.1-arm64.raw'] = '')],
  [
    'sizes that differ',
    ['image-size'],
    (routes) => {
      routes['/k3s/k3s-1.34.1-arm64.raw'] = ({ method }) => ({ body: method === 'HEAD' ? 'x' : 'xyz' });
    },
  ],
  ['an image with another hash', ['image-hash'], (routes) => (routes['/k3s/k3s-1.34.1-arm64.raw'] = 'other')],
  ['Path= to a file', ['transfer-path', 'transfer-elsewhere'], changeTransfer('Path=http', 'Path=file')],
  [
    'two @v',
    ['transfer-pattern-version', 'pattern-nothing'],
    changeTransfer(/MatchPattern=.*/, 'MatchPattern=k3s-@v-@v-%a.raw'),
  ],
  [
    '@a for the architecture',
    ['transfer-pattern-arch', 'pattern-nothing'],
    changeTransfer(/MatchPattern=.*/, 'MatchPattern=k3s-@v-@a.raw'),
  ],
  [
    'a wildcard that there is not',
    ['transfer-pattern-wildcard', 'pattern-nothing'],
    changeTransfer(/MatchPattern=.*/, 'MatchPattern=k3s-@v-@z-%a.raw'),
  ],
  [
    'an asterisk in a pattern',
    ['transfer-pattern-character', 'pattern-nothing'],
    changeTransfer(/MatchPattern=.*/, 'MatchPattern=k3s-@v-*-%a.raw'),
  ],
  [
    'a specifier that there is not',
    ['transfer-pattern-specifier', 'pattern-nothing'],
    changeTransfer(/MatchPattern=.*/, 'MatchPattern=k3s-@v-%a.%Q'),
  ],
  [
    'a pattern for nothing',
    ['pattern-nothing'],
    changeTransfer(/MatchPattern=.*/, 'MatchPattern=k3x-@v-%a.raw'),
  ],
  ['one instance', ['transfer-instances'], changeTransfer('InstancesMax=3', 'InstancesMax=1')],
  ['no link', ['transfer-symlink'], changeTransfer(/CurrentSymlink=.*\n/, '')],
  ['Verify= without a signature', ['transfer-verify'], changeTransfer('Verify=false', 'Verify=true')],
  ['nothing said about Verify=', ['transfer-verify'], changeTransfer('Verify=false\n', '')],
  [
    'a type of source that the target cannot take',
    ['transfer-type'],
    changeTransfer('Type=url-file', 'Type=url-tar'),
  ],
  [
    'a section called like what every object has',
    ['transfer-key'],
    changeTransfer('[Source]', '[constructor]\nToString=1\n[Source]'),
  ],
  ['a type called so', ['transfer-type'], changeTransfer('Type=url-file', 'Type=constructor')],
  ['a setting that there is not', ['transfer-key'], changeTransfer('InstancesMax', 'Instances')],
  ['a line of prose', ['transfer-line'], changeTransfer('[Source]', 'Here is the source\n[Source]')],
  [
    '.conf and .transfer that differ',
    ['transfer-pair'],
    (routes) => (routes['/k3s/k3s.conf'] = `${textAt(routes, '/k3s/k3s.transfer')}\n`),
  ],
  ['no .transfer', ['transfer-pair'], (routes) => dropRoutes(routes, /k3s\.transfer$/)],
  ['no sysupdate files', ['transfer-missing'], (routes) => dropRoutes(routes, /\.(conf|transfer)$/)],
  [
    'the newest version for one arch only',
    ['version-arch'],
    changeManifest((text) => text.replace(/^.*1\.34\.1-arm64\.raw\n/m, '')),
  ],
  ['signed hash trees, with a signature that is kept under two names', [], addTrees],
  ['a hash tree without its root', ['version-sidecars', 'transfer-symlink', 'transfer-pair'], addLoneTree],
];

describe('a hub with', () => {
  it.each(broken)('%s gets %j', async (_what, rules, change) => {
    const routes: Record<string, Route> = {};
    await using server = await startUpstream(routes);
    const url = `${server.url}/`;
    fillHub(routes, url, ['1.33.5', '1.34.1']);
    change(routes, url);
    const { complaints } = await check(url, { deep: true, extensions: ['k3s'] });
    const own = complaints.filter(({ place }) => place.file.includes('/k3s/'));
    const told = own
      .map(({ code }) => code.replace('hub.', ''))
      .filter((rule) => !alsoTold.has(rule) || rules.includes(rule));
    expect([...new Set(told)].toSorted()).toEqual([...rules].toSorted());
    for (const { place, message } of own) {
      expect(place.file).not.toBe('');
      expect(message).toMatch(/^expected .+, got .+/s);
    }
  });
});

it('finds what a transfer file matches in the index of everything, where docker is not alone', async () => {
  const routes: Record<string, Route> = {};
  await using server = await startUpstream(routes);
  const url = `${server.url}/`;
  fillHub(routes, url, ['24.0.7'], { name: 'docker' });
  fillHub(routes, url, ['2.24.5'], { name: 'docker-compose' });
  const all = ['docker', 'docker-compose'].map((name) => textAt(routes, `/${name}/SHA256SUMS`)).join('');
  routes['/SHA256SUMS'] = all;
  expect((await check(url)).complaints).toEqual([]);
  for (const ending of ['conf', 'transfer']) {
    const path = `/docker/docker.${ending}`;
    routes[path] = textAt(routes, path).replace(`Path=${url}docker/`, `Path=${url}`);
  }
  const { complaints } = await check(url);
  expect(
    new Set(
      complaints.map(({ code, place, message }) => `${code} ${place.file} ${message.split(', got ')[1]}`),
    ),
  ).toEqual(
    new Set(
      ['conf', 'transfer'].flatMap((ending) =>
        ['arm64', 'x86-64'].map(
          (arch) =>
            `hub.pattern-cross ${url}docker/docker.${ending} docker-compose-2.24.5-${arch}.raw, for version compose-2.24.5`,
        ),
      ),
    ),
  );
});

it('has all its rules in the documentation, and no others', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/conformance.md'), 'utf8');
  const told = new Set([...page.matchAll(/^\| `hub\.([a-z]+-[a-z0-9-]+)` \|/gm)].map(([, rule]) => rule));
  const elsewhere = [
    'manifest-size',
    'pattern-unmatched',
    'systemd-list',
    'image-compression',
    'transfer-unverified',
    ...hubRules.filter((rule) => /^(signature|ring)-/.test(rule)), // check-signatures.test.ts
    ...hubRules.filter((rule) => rule.startsWith('catalogue-')), // catalogue-rules.test.ts
  ];
  const tried = new Set([...broken.flatMap(([, rules]) => rules), ...elsewhere]);
  expect(told).toEqual(tried);
});

/** What goes with something worse. */
const alsoTold = new Set(['pattern-unmatched', 'answer-missing', 'pattern-nothing', 'version-arch']);

function check(url: string, wishes: Partial<ConformanceRequest> = {}) {
  const request = { url, extensions: [], deep: false, systemd: false, known: [], today: '2026-11-23' };
  const context = {
    http: upstreamHttp(),
    exec: spawnExec({}),
    report: silentReport,
    tmpdir: tmpdir(),
    sleep: async () => {},
  };
  return checkHub({ ...request, ...wishes }, context);
}

function to(location: string): Route {
  return { status: 302, headers: { location } };
}
