import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot, suitesAsked, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type Route, startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import {
  contentOfFeed,
  feedFiles,
  type FieldFeed,
  fieldFeeds,
  fieldHost,
} from '../../testing/field-feeds.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Exec } from '../ports/exec.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { checkHub } from './check-hub.ts';

const hostArch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
const feeds = fieldFeeds(hostArch).filter(({ unasked }) => unasked === undefined);

/** Changes of a sound file; systemd and the check must agree on which ones break it. */
const plain = `[Transfer]
Verify=false
[Source]
Type=url-file
Path={url}
MatchPattern=tool-@v-%a.raw
[Target]
Type=regular-file
Path=/var/lib/extensions.d
CurrentSymlink=/etc/extensions/tool.raw
`;
const changes: readonly (readonly [string, string | RegExp, string])[] = [
  ['nothing', 'tool', 'tool'],
  ['a byte order mark', '[Transfer]', '\u{FEFF}[Transfer]'],
  ['lines that end as in DOS', '\n', '\r\n'],
  ['a pattern with an escape', '%a.raw', '%a\\x2eraw'],
  ['an @ in the pattern', 'tool-@v', 'tool@@-@v'],
  ['a lone percent sign', '%a.raw', '%a.raw%'],
  ['a specifier nobody knows', '%a.raw', '%a%Q.raw'],
  ['no version', '@v', 'v'],
  ['the version twice', '@v', '@v-@v'],
  ['another wildcard twice', '@v', '@v-@t-@t'],
  ['two wildcards in a row', '@v', '@v@s'],
  ['a wildcard nobody knows', '@v', '@v-@z'],
  ['an @ at the end', '.raw', '.raw@'],
  ['a broken pattern beside a good one', '%a.raw', '%a.raw tool_@z'],
  ['an asterisk', '@v', '@v*'],
  ['a pattern for nothing', 'tool-@v', 'spoon-@v'],
  ['no pattern', /MatchPattern=.*\n/g, ''],
  ['a pattern that is taken back', 'Type=url-file', 'MatchPattern=spoon@v\nType=url-file\nMatchPattern='],
  ['a broken pattern that is taken back', 'Type=url-file', 'MatchPattern=x\nType=url-file\nMatchPattern='],
  ['few instances', '[Target]', '[Target]\nInstancesMax=1'],
  ['no number of instances', '[Target]', '[Target]\nInstancesMax=many'],
  ['no type of target', 'Type=regular-file\n', ''],
  ['no type of source', 'Type=url-file\n', ''],
  ['a folder as target', 'regular-file', 'directory'],
  ['a source nobody knows', 'url-file', 'url-zip'],
  ['no folder', 'Path=/var/lib/extensions.d\n', ''],
  ['a relative folder', 'Path=/var', 'Path=var'],
  ['another protocol', 'Path={url}', 'Path=ftp://127.0.0.1/tool/'],
  ['prose in front', '[Transfer]', 'Here it is\n[Transfer]'],
  ['prose inside', 'Verify', 'Here it is\nVerify'],
  ['a section nobody knows', '[Source]', '[Sauce]\nHot=yes\n[Source]'],
  ['half a section', '[Target]', '[Target'],
  ['a setting nobody knows', '[Target]', '[Target]\nColour=red'],
  ['a setting in lower case', 'MatchPattern', 'matchpattern'],
  ['a feature', 'Verify', 'Features=one\nRequisiteFeatures=two\nVerify'],
  ['a relative link', '=/etc/extensions/', '='],
  ['a source relative to what the command says', '[Target]', 'PathRelativeTo=explicit\n[Target]'],
  ['a path relative to nothing known', '[Target]', '[Target]\nPathRelativeTo=moon'],
  ['an older version only', 'Verify', 'MinVersion=0.5\nVerify'],
  ['a signature that is not there', 'Verify=false\n', ''],
  ['Verify= with another word', 'false', 'perhaps'],
];

describe.each(suitesAsked())('systemd-sysupdate of %s', (suite) => {
  let stack: AsyncDisposableStack | undefined;
  let host: DebianHost;
  beforeAll(async () => {
    const root = await debianRoot(testbedCache(), spawnExec(process.env), suite);
    stack = new AsyncDisposableStack();
    host = stack.use(await startHost(root));
    const lines = Object.entries(fieldHost).map(([key, value]) => `${key}=${value}\n`);
    await host.write('/etc/os-release', lines.join(''));
  });
  afterAll(() => stack?.disposeAsync());

  it.each(feeds.map((feed) => [feed.what, feed] as const))('takes %s, as the check does', async (_, feed) => {
    await host.run('rm', ['-rf', '/var/lib/extensions.d', '/var/lib/extensions']);
    const { listed, complaints } = await hold(host, feed);
    expect(listed).toEqual({ code: 0, all: feed.offered });
    expect(complaints.filter(({ severity }) => severity === 'error')).toEqual([]);
    await using site = await serve(feed);
    await host.run('mkdir', [
      '-p',
      '/etc/extensions',
      '/var/lib/extensions.d',
      '/var/lib/extensions/tool.raw.v',
    ]);
    await install(host, feed, site.url);
    const { code, stderr } = await host.run('systemd-sysupdate', ['-C', 'tool', 'update']);
    expect(code === 0 ? '' : stderr).toBe('');
    const newest = feed.files.find((file) => file.endsWith('.zst'));
    if (newest === undefined) return;
    const link = await host.readlink('/var/lib/extensions.d/tool.raw');
    const got = await host.read(`/var/lib/extensions.d/${link}`);
    // Before 258 it cannot unpack that, and says nothing.
    expect(got === contentOfFeed(newest)).toBe(suite !== 'trixie');
  });

  it.each(changes)('with %s, fails where the check has an error', async (_what, from, to) => {
    const text = plain.replaceAll(from, to);
    const feed = {
      what: '',
      files: [`tool-1.0-${hostArch}.raw`, `tool-1.1-${hostArch}.raw`],
      transfers: { 'tool.transfer': text },
      offered: [],
    };
    const { listed, complaints } = await hold(host, feed);
    const isBroken = complaints.some(({ severity }) => severity === 'error');
    // It is content with finding nothing.
    expect(isBroken).toBe(listed.code !== 0 || listed.all.length === 0);
  });
});

async function serve(feed: FieldFeed) {
  const routes: Record<string, Route> = {};
  const server = await startUpstream(routes);
  const url = `${server.url}/tool/`;
  for (const [file, bytes] of feedFiles(feed, url)) routes[`/tool/${file}`] = bytes;
  return { feed, url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** What systemd lists of a feed, and what the check says of it with the same systemd asked. */
async function hold(
  host: DebianHost,
  feed: FieldFeed,
): Promise<{ listed: { code: number; all: readonly string[] }; complaints: readonly Diagnostic[] }> {
  await using site = await serve(feed);
  await install(host, feed, site.url);
  const { code, stdout } = await host.run('systemd-sysupdate', ['-C', 'tool', '--json=short', 'list']);
  const { complaints } = await checkHub(
    {
      url: site.url.replace(/tool\/$/, ''),
      extensions: ['tool'],
      deep: true,
      systemd: code === 0,
      known: [],
      today: '2026-11-23',
    },
    {
      http: upstreamHttp(),
      exec: hostExec(host),
      report: silentReport,
      tmpdir: tmpdir(),
      sleep: async () => {},
    },
  );
  const own = complaints.filter(({ place }) => place.file.includes('/tool/'));
  return { listed: { code, all: code === 0 ? JSON.parse(stdout).all : [] }, complaints: own };
}

/** As an administrator would, with all features on. */
async function install(host: DebianHost, feed: FieldFeed, url: string): Promise<void> {
  const folder = '/etc/sysupdate.tool.d';
  await host.run('rm', ['-rf', folder]);
  for (const [file, bytes] of feedFiles(feed, url)) {
    if (file in feed.transfers) await host.write(`${folder}/${file}`, bytes.toString());
  }
  for (const feature of ['one', 'two', 'tools']) {
    await host.write(`${folder}/${feature}.feature`, '[Feature]\nEnabled=true\n');
  }
}

/** Programs of the host; the folder with definitions is taken into it. */
function hostExec(host: DebianHost): Exec {
  return {
    ...spawnExec({}),
    run: async (program, args) => {
      const [, folder = ''] = /^--definitions=(.*)$/.exec(args[0] ?? '') ?? [];
      for (const file of await readdir(folder)) await host.place(join(folder, file), join(folder, file));
      return host.run(program, args);
    },
  };
}
