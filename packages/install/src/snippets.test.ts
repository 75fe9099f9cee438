import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ignition, prepareButane } from '../testing/ignition.ts';
import { installables } from '../testing/installables.ts';
import { type Snippet, snippets } from './snippets.ts';

const run = promisify(execFile);

const kinds: ReadonlySet<string> = new Set(['btop', 'bun', 'docker', 'k3s', 'kubernetes', 'scx']);

/** Of each extension both kinds: kept up to date, and not. */
let all: readonly { readonly name: string; readonly texts: ReadonlyMap<Snippet['id'], string> }[];
beforeAll(async () => {
  // Of each kind of after-update one, with masks, links that start units, and without.
  const extensions = (await installables()).filter(({ name }) => kinds.has(name));
  all = extensions.flatMap((one) =>
    [true, false].map((kept) => ({
      name: `${one.name} ${kept ? 'kept up to date' : 'as it is'}`,
      texts: new Map(snippets(one, kept).map(({ id, text }) => [id, text])),
    })),
  );
  await prepareButane();
});

describe('the ways onto a host', () => {
  it('are Butane that butane takes without a warning, for Flatcar and for Fedora CoreOS', async () => {
    expect(all.length).toBe(2 * kinds.size);
    for (const { name, texts } of all) {
      await ignition(texts.get('flatcar') ?? '', name);
      const coreos = await ignition(texts.get('fcos') ?? '', name);
      expect(coreos.systemd?.units[0]).toEqual({ name: 'systemd-sysext.service', enabled: true });
    }
  });

  it('stop services and sockets on the way off, and again once no target upholds them', () => {
    const docker = all.find(({ name }) => name === 'docker kept up to date')?.texts.get('uninstall') ?? '';
    const stops = docker.match(/^systemctl (stop .*|daemon-reload)/gm);
    expect(stops).toEqual([
      expect.stringMatching(/^systemctl stop .*docker\.service.* docker\.socket/),
      'systemctl daemon-reload',
      expect.stringMatching(/^systemctl stop .*docker\.service.* docker\.socket/),
    ]);
  });

  it('are the Ignition that butane makes of the Butane for Flatcar', async () => {
    for (const { name, texts } of all) {
      const ours: unknown = JSON.parse(texts.get('ignition') ?? '');
      expect({ name, config: plain(ours) }).toEqual({
        name,
        config: plain(await ignition(texts.get('flatcar') ?? '', name)),
      });
    }
  });

  it('carry the keys of the feed themselves, where something is fetched later', () => {
    const [, base64 = 'none'] = /base64,([\w+/=]+)/.exec(all[0]?.texts.get('flatcar') ?? '') ?? [];
    expect(Buffer.from(base64, 'base64').toString()).toBe('the keys of a feed\n');
    for (const { name, texts } of all) {
      const with_ = [...texts].filter(([, text]) => text.includes(base64)).map(([id]) => id);
      const kept = name.endsWith('kept up to date');
      const ways = ['flatcar', 'fcos', 'ignition', 'cloud-init', 'shell', 'sysupdate'];
      expect({ name, with: with_ }).toEqual({ name, with: kept ? ways : [] });
    }
  });

  it('are scripts that shellcheck has nothing to say about', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'scripts-'));
    const files = all.flatMap(({ texts }, index) =>
      (['shell', 'uninstall'] as const).map((id) => ({
        path: join(temp.path, `${index}-${id}.sh`),
        text: texts.get(id) ?? '',
      })),
    );
    for (const { path, text } of files) await writeFile(path, text);
    const { stdout } = await run('shellcheck', [
      '--enable=all',
      '--exclude=SC2250,SC2310,SC2312',
      ...files.map(({ path }) => path),
    ]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('are user data that cloud-init knows every word of', async () => {
    await using temp = await mkdtempDisposable(join(tmpdir(), 'user-data-'));
    const path = join(temp.path, 'user-data');
    const wrong = await schemaSays(path, '#cloud-config\nruncmd: yes please\n');
    expect(wrong).toMatch(/runcmd: 'yes please' is not/);
    for (const { name, texts } of all.filter(({ name: of }) => /^(docker|bun) /.test(of)))
      expect({ name, said: await schemaSays(path, texts.get('cloud-init') ?? '') }).toEqual({
        name,
        said: '',
      });
  });
});

/** A configuration without what may be written in several ways: compression and the order of keys. */
function plain(config: unknown): unknown {
  return JSON.parse(JSON.stringify(config), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('source' in value)) return value;
    const { source, compression, ...rest } = { compression: '', ...value };
    return { ...rest, source: textOf(String(source), compression) };
  });
}

/** What a data URL holds; any other address as it is. */
function textOf(source: string, compression: unknown): string {
  const [, base64] = /^data:;base64,(.*)$/.exec(source) ?? [];
  if (base64 === undefined) return decodeURIComponent(source);
  const bytes = Buffer.from(base64, 'base64');
  return `data:,${(compression === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')}`;
}

/** What the schema of cloud-init objects to; nothing when all is well. */
async function schemaSays(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  return run('cloud-init', ['schema', '--config-file', path]).then(
    () => '',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
}
