import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parseTag } from './tag.ts';

// The 35 extensions of the reference bakery.
const names = [
  'bird',
  'btop',
  'chrony',
  'cilium',
  'cloud-hypervisor',
  'coder',
  'consul',
  'containerd',
  'crio',
  'dataplaneapi',
  'docker',
  'docker-buildx',
  'docker-compose',
  'falco',
  'haproxy',
  'ig',
  'k3s',
  'kata-containers',
  'keepalived',
  'kubernetes',
  'llamaedge',
  'nebula',
  'nerdctl',
  'nomad',
  'nvidia-runtime',
  'ollama',
  'opkssh',
  'rke2',
  'scx',
  'tailscale',
  'tilde',
  'vault',
  'wasmcloud',
  'wasmedge',
  'wasmtime',
];
const others = ['20230803', '20230830', '20230901', '20230908', '20230929', 'latest', 'noop'];
const tags = await realTags();

describe('parseTag on the reference bakery’s 580 tags', () => {
  it('knows 35 names and 580 tags', () => {
    expect([names.length, tags.length]).toEqual([35, 580]);
  });

  it('finds no version in exactly the tags that have none', () => {
    const kinds = Map.groupBy(tags, (tag) => parseTag(tag, names).kind);
    expect(kinds.get('other')).toEqual(others);
    expect(kinds.get('global')).toEqual(['SHA256SUMS']);
    expect(kinds.get('metadata')?.toSorted()).toEqual(names);
    expect(kinds.get('version')).toHaveLength(580 - others.length - 1 - names.length);
  });

  it.each(names)('gives %s its own versions and no one else’s', (name) => {
    const longer = names.filter((other) => other.startsWith(`${name}-`));
    const own = tags.filter(
      (tag) =>
        tag.startsWith(`${name}-`) && !longer.some((other) => tag === other || tag.startsWith(`${other}-`)),
    );
    const parsed = tags.flatMap((tag) => {
      const read = parseTag(tag, names);
      return read.kind === 'version' && read.name === name ? [read.version] : [];
    });
    expect(parsed).toEqual(own.map((tag) => tag.slice(name.length + 1)));
    expect(parsed.filter((version) => !/^v?\d+(\.\d+)*(\+(k3s|rke2r)\d+)?$/.test(version))).toEqual([]);
  });

  it('reads the versions the same when no name is known', () => {
    const versions = tags.filter((tag) => parseTag(tag, names).kind === 'version');
    expect(versions.map((tag) => parseTag(tag, []))).toEqual(versions.map((tag) => parseTag(tag, names)));
  });
});

describe('parseTag', () => {
  it.each([
    ['docker-compose-2.24.5', ['docker'], 'docker-compose', '2.24.5'],
    ['docker-compose-2.24.5', ['docker', 'docker-compose'], 'docker-compose', '2.24.5'],
    ['docker-24.0.9', ['docker', 'docker-compose'], 'docker', '24.0.9'],
    ['k3s-v1.32.1+k3s1', ['k3s'], 'k3s', 'v1.32.1+k3s1'],
    ['k3s-v1.32.1-rc1+k3s1', [], 'k3s', 'v1.32.1-rc1+k3s1'],
    ['foo-1.0-2_3+4', ['foo'], 'foo', '1.0-2_3+4'],
    ['foo-1.0-2_3+4', [], 'foo', '1.0-2_3+4'],
    ['foo-2x-1.0', ['foo', 'foo-2x'], 'foo-2x', '1.0'],
    ['7zip-24.09', [], '7zip', '24.09'],
  ])('reads %s, knowing %j, as %s %s', (tag, known, name, version) => {
    expect(parseTag(tag, known)).toEqual({ kind: 'version', name, version });
  });

  it.each([
    'v1',
    'v1.2.3',
    'latest',
    'foo',
    'foo-',
    '-1.0',
    'foo-..1',
    'foo-1.',
    'Foo-1.0',
    'foo-1.0/2',
    'docker-compose',
  ])('finds nothing in %s', (tag) => {
    expect(parseTag(tag, ['docker'])).toEqual({ kind: 'other' });
  });
});

async function realTags(): Promise<string[]> {
  const file = new URL('../../../testbed/data/bakery-tags.txt', import.meta.url);
  return (await readFile(file, 'utf8')).trim().split('\n');
}
