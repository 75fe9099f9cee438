import { describe, expect, it } from '@jest/globals';
import { parseSidecar } from '@bakery/core/src/fetch/integrity/sidecar.ts';
import { findSum } from '@bakery/core/src/fetch/integrity/sums.ts';
import type { Fault } from './fault.ts';
import { fixtureFolder, loadFixtures } from './fixture.ts';
import { startUpstreamMirror } from './start-upstream-mirror.ts';
import { sha256 } from './sums-of.ts';

const archive = 'github.com/cilium/cilium-cli/releases/download/v0.18.9/cilium-linux-arm64.tar.gz';
const runc = 'github.com/opencontainers/runc/releases/download/v1.4.2';

describe('startUpstreamMirror', () => {
  it('serves equal bytes in every run, and their hash in each of upstream’s forms', async () => {
    const seen = await Promise.all(
      [1, 2].map(async () => {
        await using mirror = await startUpstreamMirror(['cilium', 'containerd']);
        const [bytes, sidecar, program, sums] = await Promise.all(
          [archive, `${archive}.sha256sum`, `${runc}/runc.amd64`, `${runc}/runc.sha256sum`].map((path) =>
            read(`${mirror.url}/${path}`),
          ),
        );
        expect(text(sums)).toMatch(/^-----BEGIN PGP SIGNED MESSAGE-----\n/);
        expect(findSum(text(sums), 'runc.amd64', 'sums').hex).toBe(sha256(program ?? ''));
        return { bytes, sidecar, program };
      }),
    );
    const [first] = seen;
    expect(seen[1]).toEqual(first);
    expect(parseSidecar(text(first?.sidecar), 'cilium-linux-arm64.tar.gz', 'sidecar').hex).toBe(
      sha256(first?.bytes ?? ''),
    );
  });

  it('states the digest of release assets as GitHub does', async () => {
    await using mirror = await startUpstreamMirror(['k3s']);
    const release = 'api.github.com/repos/k3s-io/k3s/releases/tags/v1.35.3%2Bk3s10';
    const answer: unknown = await (await fetch(`${mirror.url}/${release}`)).json();
    const program = await read(
      `${mirror.url}/github.com/k3s-io/k3s/releases/download/v1.35.3+k3s10/k3s-arm64`,
    );
    expect(answer).toMatchObject({
      tag_name: 'v1.35.3+k3s10',
      assets: [{ name: 'k3s' }, { name: 'k3s-arm64', digest: `sha256:${sha256(program ?? '')}` }],
    });
  });

  it('fails to order, and is healed again', async () => {
    await using mirror = await startUpstreamMirror(['cilium']);
    const url = `${mirror.url}/${archive}`;
    const sound = await read(url);
    const spoiled = async (fault: Fault) => {
      mirror.spoil(`https://${archive}`, fault);
      const [bytes, sidecar] = await Promise.all([read(url), read(`${url}.sha256sum`)]);
      mirror.heal();
      return { bytes, sum: text(sidecar).split(' ')[0] };
    };
    expect(await spoiled('moved')).toMatchObject({ bytes: undefined, sum: sha256(sound ?? '') });
    expect((await spoiled('truncated')).bytes?.length).toBe(Math.floor((sound?.length ?? 0) / 2));
    expect((await spoiled('wrong checksum')).sum).not.toBe(sha256(sound ?? ''));
    expect((await spoiled('missing entry')).sum).toBe('');
    const changed = await spoiled('missing member');
    expect(changed.bytes).not.toEqual(sound);
    expect(changed.sum).toBe(sha256(changed.bytes ?? ''));
    expect(await read(url)).toEqual(sound);
  });

  it('logs addresses as upstream’s users write them', async () => {
    await using mirror = await startUpstreamMirror(['cilium']);
    await read(`${mirror.url}/api.github.com/repos/cilium/cilium-cli/releases?page=2`);
    expect(mirror.mirrors).toBe(`https://=${mirror.url}/`);
    expect(mirror.log).toEqual(['https://api.github.com/repos/cilium/cilium-cli/releases?page=2']);
  });
});

describe('loadFixtures', () => {
  it('brings the upstreams a recipe needs beside its own', async () => {
    const fixtures = await loadFixtures(['k3s']);
    expect(fixtures.map(({ recipe }) => recipe)).toEqual(['k3s', 'kubernetes']);
  });

  it('says which fixture there is not', async () => {
    await expect(loadFixtures(['nothing'])).rejects.toThrow(`${fixtureFolder}/nothing.yaml`);
  });
});

async function read(url: string): Promise<Buffer | undefined> {
  const answer = await fetch(url);
  return answer.status === 404 ? undefined : Buffer.from(await answer.arrayBuffer());
}

function text(bytes: Buffer | undefined): string {
  return bytes?.toString() ?? '';
}
