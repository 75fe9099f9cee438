import { describe, expect, it } from '@jest/globals';
import { startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import type { Route } from '@bakery/testbed/upstream.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { findVersions, latestVersions } from '../find.ts';
import type { ListContext } from './listing.ts';
import { readListing } from './read-listing.ts';
import { VersionSource } from './sources.ts';

const bothArches = ['x86-64', 'arm64'] as const;

// What the 35 extensions of the reference bakery ask of a source of versions. Hosts are mapped to
// a loopback server: https://HOST/PATH is served as /HOST/PATH.

interface Case {
  readonly source: object;
  readonly routes: Readonly<Record<string, Route>>;
  /** All versions, newest first. */
  readonly found: readonly string[];
  readonly latest: readonly string[];
  /** Latest versions of the recipe that is followed. */
  readonly followed?: readonly string[];
}

const schedule = `
schedules:
  - release: 1.36
    previousPatches:
  - release: 1.30
    previousPatches:
      - release: 1.30.10
      - release: 1.30.9
  - release: 1.29
    previousPatches:
      - release: 1.29.14
`;
const scheduleUrl = 'https://raw.githubusercontent.com/kubernetes/website/main/data/releases/schedule.yaml';
const patches =
  "schedules[].[previousPatches[].release || [join('.', [release, '0'])]][] | [].join('', ['v', @])";

const cases: Readonly<Record<string, Case>> = {
  'V1 V12 GitHub releases, newest (nebula)': {
    source: { from: 'github-releases', repo: 'slackhq/nebula' },
    routes: releases('slackhq/nebula', ['v1.9.7', 'v1.11.0', 'nightly'], ['v1.12.0']),
    found: ['v1.11.0', 'v1.9.7'],
    latest: ['v1.11.0'],
  },
  'V2 GitHub tags (keepalived)': {
    source: { from: 'github-tags', repo: 'acassen/keepalived' },
    routes: {
      '/api.github.com/repos/acassen/keepalived/tags': names(['v2.4.3', '1.3.1', 'v0.4.9a', 'v2.4.2']),
    },
    found: ['v2.4.3', 'v2.4.2'],
    latest: ['v2.4.3'],
  },
  'V3 V9 GitLab tags by number, all pages, v stripped (bird)': {
    source: { from: 'gitlab-tags', host: 'gitlab.nic.cz', project: 6, strip: 'v' },
    routes: {
      '/gitlab.nic.cz/api/v4/projects/6/repository/tags': ({ query }) =>
        query.get('page') === '2'
          ? names(['v3.3.1', 'v2.17'])
          : { headers: { 'x-next-page': '2' }, body: names(['vmqtest', 'mq-testrelease-1', 'v3.0-alpha1']) },
    },
    found: ['3.3.1', '2.17'],
    latest: ['3.3.1'],
  },
  'V3 V8 V11 GitLab tags by path, pre-releases out (chrony)': {
    source: { from: 'gitlab-tags', project: 'chrony/chrony', exclude: '-pre' },
    routes: {
      '/gitlab.com/api/v4/projects/chrony%2Fchrony/repository/tags': names([
        '4.8',
        '4.10',
        '4.9-pre1',
        '4.9',
      ]),
    },
    found: ['4.10', '4.9', '4.8'],
    latest: ['4.10'],
  },
  'V4 HTML index per architecture (docker)': {
    source: {
      from: 'http',
      url: 'https://download.docker.com/linux/static/stable/{arch}/',
      regex: 'docker-([0-9.]+)\\.tgz',
    },
    routes: {
      '/download.docker.com/linux/static/stable/amd64/':
        '<a href="docker-29.6.2.tgz"> <a href="docker-29.6.1.tgz"> <a href="docker-rootless-extras-29.6.2.tgz"> <a href="docker-17.03.0-ce.tgz">',
      '/download.docker.com/linux/static/stable/arm64/': '<a href="docker-29.6.1.tgz">',
    },
    found: ['29.6.2', '29.6.1'],
    latest: ['29.6.1'],
  },
  'V4 V9 HTML index, packaging revision dropped (btop)': {
    source: {
      from: 'http',
      url: 'https://dl-cdn.alpinelinux.org/alpine/latest-stable/community/x86_64/',
      regex: 'btop-([0-9.]+)-r\\d+\\.apk',
    },
    routes: {
      '/dl-cdn.alpinelinux.org/alpine/latest-stable/community/x86_64/':
        '<a href="btop-1.4.6-r0.apk"> <a href="btop-doc-1.4.6-r0.apk">',
    },
    found: ['1.4.6'],
    latest: ['1.4.6'],
  },
  'V5 V8 index of branches, then the keys of an object each (haproxy)': {
    source: {
      from: 'http',
      url: 'https://www.haproxy.org/download/{branch}/src/releases.json',
      parse: 'json',
      path: 'keys(releases)',
      branches: { url: 'https://www.haproxy.org/download/', regex: 'href="([0-9.]+)/"', range: '>=3.0' },
    },
    routes: {
      '/www.haproxy.org/download/': '<a href="2.8/"> <a href="3.0/"> <a href="3.4/"> <a href="contrib/">',
      '/www.haproxy.org/download/3.0/src/releases.json': '{"releases":{"3.0.12":{},"3.0-dev1":{}}}',
      '/www.haproxy.org/download/3.4/src/releases.json': '{"releases":{"3.4.2":{},"3.4.1":{},"3.4-rc1":{}}}',
    },
    found: ['3.4.2', '3.4.1', '3.0.12'],
    latest: ['3.4.2'],
  },
  'V6 cursor pages with field filters (vault)': {
    source: {
      from: 'http',
      url: 'https://api.releases.hashicorp.com/v1/releases/vault?limit=20',
      parse: 'json',
      path: "[?!is_prerelease && license_class=='oss'].version",
      next: { query: 'after', path: '[-1].timestamp_created' },
    },
    routes: {
      '/api.releases.hashicorp.com/v1/releases/vault': ({ query }) => hashicorp(query.get('after')),
    },
    found: ['2.0.3', '1.20.1', '1.20.0'],
    latest: ['2.0.3'],
  },
  'V7 V12 YAML with a fallback, v added, newest of each minor (kubernetes)': {
    source: {
      from: 'http',
      url: scheduleUrl,
      parse: 'yaml',
      path: patches,
      latest: { minors: 50 },
    },
    routes: { [served(scheduleUrl)]: schedule },
    found: ['v1.36.0', 'v1.30.10', 'v1.30.9', 'v1.29.14'],
    latest: ['v1.36.0', 'v1.30.10', 'v1.29.14'],
  },
  'V8 include and minimum (wasmcloud)': {
    source: { from: 'github-releases', repo: 'wasmcloud/wasmcloud', match: '^v[0-9.]+$', range: '>=1.1' },
    routes: releases('wasmcloud/wasmcloud', ['v2.5.2', 'wash-v0.42.0', 'v1.0.0', 'v1.9.2']),
    found: ['v2.5.2', 'v1.9.2'],
    latest: ['v2.5.2'],
  },
  'V8 exclude (falco)': {
    source: { from: 'github-releases', repo: 'falcosecurity/falco', exclude: '^v' },
    routes: releases('falcosecurity/falco', ['0.44.1', 'v0.20', 'agent/0.1']),
    found: ['0.44.1'],
    latest: ['0.44.1'],
  },
  'V9 V13 newest patch of the N highest minors (containerd)': {
    source: {
      from: 'github-releases',
      repo: 'containerd/containerd',
      exclude: '^api/',
      strip: 'v',
      latest: { minors: 3 },
    },
    routes: releases('containerd/containerd', [
      'v2.1.9',
      'v2.3.3',
      'api/v1.9.0',
      'v2.3.2',
      'v1.7.34',
      'v2.2.6',
    ]),
    found: ['2.3.3', '2.3.2', '2.2.6', '2.1.9', '1.7.34'],
    latest: ['2.3.3', '2.2.6', '2.1.9'],
  },
  'V14 newest patch of each minor in a support list (kubernetes)': {
    source: {
      from: 'github-releases',
      repo: 'kubernetes/kubernetes',
      latest: { 'minors-of': { url: scheduleUrl, parse: 'yaml', path: 'schedules[].release' } },
    },
    routes: {
      [served(scheduleUrl)]: schedule,
      ...releases('kubernetes/kubernetes', ['v1.30.14', 'v1.3.9', 'v1.29.15', 'v1.29.9', 'v1.28.5']),
    },
    found: ['v1.30.14', 'v1.29.15', 'v1.29.9', 'v1.28.5', 'v1.3.9'],
    latest: ['v1.30.14', 'v1.29.15'],
  },
  'V11 V15 V16 builds that follow another recipe (k3s)': {
    source: {
      from: 'github-releases',
      repo: 'k3s-io/k3s',
      form: 'v[.0-9]+\\+k3s[0-9]+',
      latest: { follow: 'kubernetes', infix: '+k3s' },
    },
    routes: releases('k3s-io/k3s', [
      'v1.35.6+k3s2',
      'v1.35.6+k3s10',
      'v1.35.7-rc1+k3s1',
      'v1.34.8+k3s1',
      'v1.34.7+k3s1',
      'v1.32.2',
    ]),
    found: ['v1.35.6+k3s10', 'v1.35.6+k3s2', 'v1.34.8+k3s1', 'v1.34.7+k3s1'],
    followed: ['v1.36.2', 'v1.35.6', 'v1.34.9'],
    latest: ['v1.35.6+k3s10', 'v1.34.8+k3s1'],
  },
  'versions written down, where nobody lists any (llamaedge)': {
    source: { from: 'pinned', versions: ['0.14.16', '0.14.9'] },
    routes: {},
    found: ['0.14.16', '0.14.9'],
    latest: ['0.14.16'],
  },
};

describe('sources the reference bakery needs', () => {
  it.each(Object.entries(cases))(
    '%s',
    async (_name, { source: written, routes, found, latest, followed = [] }) => {
      await using upstream = await startUpstream({ ...routes });
      const source = VersionSource.parse(written);
      const http = upstreamHttp([{ prefix: 'https://', target: `${upstream.url}/` }]);
      const context: ListContext = {
        ports: { http, exec: spawnExec({}), report: silentReport },
        archTokens: { 'x86-64': 'amd64', arm64: 'arm64' },
      };
      const versions = await findVersions(source, bothArches, context);
      const newest = await latestVersions(versions, source.latest, bothArches, {
        minors: (listing) => readListing(listing, context),
        latestOf: () => Promise.resolve(followed),
      });
      expect({ found: versions.candidates.map(({ text }) => text), latest: newest }).toEqual({
        found,
        latest,
      });
    },
  );
});

function served(url: string): string {
  return url.replace('https:/', '');
}

function releases(
  repo: string,
  tags: readonly string[],
  prereleases: readonly string[] = [],
): Record<string, string> {
  const listed = [...prereleases, ...tags].map((tag) => ({
    tag_name: tag,
    draft: false,
    prerelease: prereleases.includes(tag),
  }));
  return { [`/api.github.com/repos/${repo}/releases`]: JSON.stringify(listed) };
}

function names(tags: readonly string[]): string {
  return JSON.stringify(tags.map((name) => ({ name })));
}

/** Two pages, newest created first, and an empty one as the end. */
function hashicorp(after: string | null): string {
  const first = [hashicorpRelease('1.20.1', 'oss', 'T3'), hashicorpRelease('2.0.3+ent', 'enterprise', 'T2')];
  const second = [hashicorpRelease('2.0.3', 'oss', 'T1'), hashicorpRelease('1.20.0', 'oss', 'T0')];
  const pages = new Map([
    [null, first],
    ['T2', second],
  ]);
  return JSON.stringify(pages.get(after) ?? []);
}

function hashicorpRelease(version: string, license: string, created: string): object {
  return { version, license_class: license, is_prerelease: false, timestamp_created: created };
}
