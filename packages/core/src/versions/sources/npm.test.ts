import { describe, expect, it } from '@jest/globals';
import { upstreamHttp, startUpstream } from '@bakery/testbed/upstream.ts';
import type { RouteAnswer } from '@bakery/testbed/upstream.ts';
import type { Exec } from '../../ports/exec.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import type { ListContext } from './listing.ts';
import { listVersions } from './sources.ts';
import { VersionSource } from './sources.ts';

const source = VersionSource.parse({ from: 'npm', package: '@oven/bun-linux-{arch}' });
const archTokens = { 'x86-64': 'x64', arm64: 'aarch64' };

describe('npm, through the real client', () => {
  it('asks for one package per architecture and knows where each version exists', async () => {
    await using registry = await startUpstream({
      '/@oven%2fbun-linux-x64': packument('@oven/bun-linux-x64', {
        '1.4.5': {},
        '1.4.4': {},
        '1.5.0-rc.1': {},
      }),
      '/@oven%2fbun-linux-aarch64': packument('@oven/bun-linux-aarch64', { '1.4.4': {} }),
    });
    const listed = await listVersions(source, context(registry.url));
    expect(listed.toSorted((a, b) => (a.text < b.text ? -1 : 1))).toEqual([
      { text: '1.4.4', prerelease: false, arches: new Set(['x86-64', 'arm64']) },
      { text: '1.4.5', prerelease: false, arches: new Set(['x86-64']) },
      { text: '1.5.0-rc.1', prerelease: true, arches: new Set(['x86-64']) },
    ]);
  });

  it('names a package that does not exist', async () => {
    await using registry = await startUpstream({});
    const missing = VersionSource.parse({ from: 'npm', package: 'nope' });
    await expect(listVersions(missing, context(registry.url))).rejects.toThrow(
      'npm package nope: expected a published package, got none of that name',
    );
  });

  it('says when a package was unpublished', async () => {
    const unpublished = { time: '2021-01-01T00:00:00Z', versions: ['1.0.0'] };
    const body = JSON.stringify({ _id: 'gone', name: 'gone', time: { unpublished } });
    await using registry = await startUpstream({ '/gone': body });
    const gone = VersionSource.parse({ from: 'npm', package: 'gone' });
    await expect(listVersions(gone, context(registry.url))).rejects.toThrow(
      'npm package gone: expected a published package, got unpublished on 2021-01-01',
    );
  });

  it('warns of a deprecated package and lists it', async () => {
    await using registry = await startUpstream({
      '/moved': packument('moved', { '1.0.0': { deprecated: 'use other' } }),
    });
    const warnings: string[] = [];
    const moved = VersionSource.parse({ from: 'npm', package: 'moved' });
    const listed = await listVersions(moved, context(registry.url, { warnings }));
    expect(listed).toEqual([{ text: '1.0.0', prerelease: false }]);
    expect(warnings).toEqual(['npm package moved is deprecated: use other']);
  });
});

describe('npm, by what other versions of the client print', () => {
  it.each([
    ['"1.0.0"', ['1.0.0']],
    ['["1.0.0","1.1.0"]', ['1.0.0', '1.1.0']],
    ['{"versions":"1.0.0","deprecated":"x"}', ['1.0.0']],
  ])('reads %s', async (stdout, expected) => {
    const exec = printing({ code: 0, stdout, stderr: 'npm warn Unknown user config' });
    const listed = await listVersions(source, {
      ...context('http://127.0.0.1:1', { exec }),
      archTokens: { arm64: 'x' },
    });
    expect(listed.map(({ text }) => text)).toEqual(expected);
  });

  it.each([
    [
      { code: 0, stdout: '{"a":1}', stderr: '' },
      String.raw`expected npm view to print versions, got "{\"a\":1}"`,
    ],
    [{ code: 0, stdout: '', stderr: '' }, 'expected npm view to print versions, got ""'],
    [{ code: 1, stdout: '', stderr: 'npm error network down\n' }, 'npm view failed: npm error network down'],
    [
      { code: 1, stdout: '{"error":{"code":"E401","summary":"log in"}}', stderr: '' },
      'npm view failed: E401 log in',
    ],
  ])('explains %j', async (finished, expected) => {
    const failing = context('http://127.0.0.1:1', { exec: printing(finished) });
    await expect(listVersions(source, failing)).rejects.toThrow(expected);
  });
});

function packument(name: string, versions: Readonly<Record<string, object>>): RouteAnswer {
  const dist = { tarball: 'http://127.0.0.1/x.tgz', shasum: '0'.repeat(40) };
  const manifests = Object.entries(versions).map(([version, more]) => [
    version,
    { name, version, dist, ...more },
  ]);
  const latest = Object.keys(versions)[0];
  const body = {
    _id: name,
    name,
    'dist-tags': { latest },
    versions: Object.fromEntries(manifests),
    time: {},
  };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function context(
  npmRegistry: string,
  { warnings = [], exec = spawnExec(process.env) }: { warnings?: string[]; exec?: Exec } = {},
): ListContext {
  const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
  return { ports: { http: upstreamHttp(), exec, report }, archTokens, npmRegistry };
}

function printing(finished: Awaited<ReturnType<Exec['run']>>): Exec {
  return { ...spawnExec({}), run: () => Promise.resolve(finished) };
}
