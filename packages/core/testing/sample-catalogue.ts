import type { Catalogue } from '../src/catalogue/schema.ts';

const hub = 'https://extensions.example.org/extensions/';

function file(tag: string, name: string): { readonly file: string; readonly url: string } {
  return { file: name, url: `${hub}${tag}/${name}` };
}

function image(version: string, arch: string, digit: string) {
  const name = `k3s-${version}-${arch}.raw`;
  return {
    arch,
    ...file(`k3s-${version}`, name),
    size: 64_000_000,
    sha256: digit.repeat(64),
    format: 'squashfs',
  };
}

/** What lies beside it for dm-verity. */
function sidecars(version: string, arch: string) {
  const one = (kind: string, digit: string, size: number) => ({
    ...file(`k3s-${version}`, `k3s-${version}-${arch}.${kind}`),
    size,
    sha256: digit.repeat(64),
  });
  return {
    verity: one('verity', '6', 520_000),
    roothash: one('roothash', '7', 64),
    p7s: one('p7s', '8', 570),
  };
}

const run = 'https://ci.example.org/runs/7';

function rebuilt(verdict: string) {
  return { verdict, at: '2026-03-02T04:00:00Z', machine: 'ubuntu 24.04 x86_64', url: run };
}

/** A catalogue with one of everything. */
export const sampleCatalogue: Catalogue = {
  catalogue: 1,
  hub,
  ring: {
    file: 'import-pubring.gpg',
    url: `${hub}import-pubring.gpg`,
    sha256: 'c'.repeat(64),
  },
  keys: [
    {
      fingerprint: 'A'.repeat(40),
      primary: 'A'.repeat(40),
      created: '2026-01-01T00:00:00Z',
      signs: false,
    },
    {
      fingerprint: 'B'.repeat(40),
      primary: 'A'.repeat(40),
      created: '2026-01-01T00:00:00Z',
      expires: '2028-01-01T00:00:00Z',
      signs: true,
    },
  ],
  extensions: [
    {
      name: 'k3s',
      summary: 'Lightweight Kubernetes',
      homepage: 'https://k3s.io/',
      license: 'Apache-2.0',
      units: [
        { name: 'k3s.service', start: 'choice' },
        { name: 'k3s-agent.service', start: 'choice', when: '>=1.30' },
      ],
      requires: [{ name: 'cni-plugins', version: '{cni-version}', if: { cni: 'plugins' } }],
      conflicts: [{ name: 'rke2', why: 'both own kubelet' }],
      masks: ['containerd-flatcar'],
      afterUpdate: 'restart',
      arches: ['x86-64', 'arm64'],
      newest: 'v1.34.2+k3s1-r1',
      transfer: file('k3s', 'k3s.transfer'),
      streams: [
        {
          label: 'v1.33',
          newest: 'v1.33.6+k3s1',
          eol: '2026-06-28',
          transfer: file('k3s', 'k3s-v1.33.transfer'),
        },
        { label: 'v1.34', newest: 'v1.34.2+k3s1-r1', transfer: file('k3s', 'k3s-v1.34.transfer') },
      ],
      versions: [
        {
          version: 'v1.34.2+k3s1-r1',
          date: '2026-03-01T04:05:06Z',
          state: 'ok',
          listed: true,
          revision: { of: 'v1.34.2+k3s1', why: 'k3s-killall.sh was not executable' },
          images: [
            {
              ...image('v1.34.2+k3s1-r1', 'x86-64', '1'),
              unpackedSize: 190_000_000,
              rebuild: rebuilt('same'),
            },
            {
              ...image('v1.34.2+k3s1-r1', 'arm64', '2'),
              ...sidecars('v1.34.2+k3s1-r1', 'arm64'),
              rebuild: rebuilt('explained'),
            },
          ],
          record: file('k3s-v1.34.2+k3s1-r1', 'k3s-v1.34.2+k3s1-r1.inputs.json'),
          sbom: file('k3s-v1.34.2+k3s1-r1', 'k3s-v1.34.2+k3s1-r1.cdx.json'),
          provenance: file('k3s-v1.34.2+k3s1-r1', 'k3s-v1.34.2+k3s1-r1.sigstore.json'),
          test: { verdict: 'passed', at: '2026-03-01T04:00:00Z' },
          rebuild: { verdict: 'passed', at: '2026-03-02T04:00:00Z', url: run },
        },
        {
          version: 'v1.34.2+k3s1',
          date: '2026-02-01T04:05:06Z',
          state: 'yanked',
          why: 'k3s-killall.sh was not executable',
          listed: false,
          images: [image('v1.34.2+k3s1', 'x86-64', '3'), image('v1.34.2+k3s1', 'arm64', '4')],
        },
        {
          version: 'v1.33.6+k3s1',
          state: 'eol',
          listed: true,
          images: [image('v1.33.6+k3s1', 'x86-64', '5')],
        },
        {
          version: 'v1.32.9+k3s1',
          state: 'ok',
          listed: false,
          retired: { since: '2026-02-15T04:05:06.007Z', why: 'of each stream only the newest 2 are kept' },
          images: [],
        },
      ],
    },
  ],
};
