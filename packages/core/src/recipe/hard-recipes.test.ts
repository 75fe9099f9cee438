import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Arch } from '../names/arch.ts';
import { expandRecipe } from './expand.ts';
import type { ImagePlan } from './image-plan.ts';
import { loadRecipe } from './load.ts';

const recipes = fileURLToPath(new URL('../../../../recipes/', import.meta.url));

async function bake(
  name: string,
  version: string,
  arch: Arch,
  options: Record<string, string> = {},
): Promise<ImagePlan> {
  const loaded = { ...(await loadRecipe(join(recipes, name))), folder: `/recipes/${name}` };
  const unset = Object.fromEntries(Object.keys(loaded.recipe.options).map((option) => [option, '']));
  return expandRecipe(loaded, { version, arch, options: { ...unset, ...options } });
}
const urls = (plan: ImagePlan): string[] => plan.downloads.map(({ url }) => url);

describe('the hard recipes of the reference bakery', () => {
  it('gives k3s an empty arch suffix, a literal "+" and its links', async () => {
    const base = 'https://github.com/k3s-io/k3s/releases/download/v1.32.2+k3s1';
    const plan = await bake('k3s', 'v1.32.2+k3s1', 'x86-64');
    expect(urls(plan)).toEqual([`${base}/k3s`]);
    expect(plan.downloads[0]?.integrity).toEqual({ kind: 'sums', sums: `${base}/sha256sum-amd64.txt` });
    expect(plan.downloads[0]?.file).toEqual({ to: '/usr/bin/k3s' });
    expect(plan.links).toHaveLength(3);
    const arm = await bake('k3s', 'v1.32.2+k3s1', 'arm64');
    expect(urls(arm)).toEqual([`${base}/k3s-arm64`]);
    expect(arm.downloads[0]?.integrity).toEqual({ kind: 'sums', sums: `${base}/sha256sum-arm64.txt` });
  });

  it('multiplies the kubernetes binaries and stamps both versions', async () => {
    const plan = await bake('kubernetes', 'v1.34.2', 'arm64', { 'cni-version': 'v1.9.0' });
    expect(urls(plan)).toEqual([
      ...['kubelet', 'kubeadm', 'kubectl'].map((bin) => `https://dl.k8s.io/v1.34.2/bin/linux/arm64/${bin}`),
      'https://github.com/containernetworking/plugins/releases/download/v1.9.0/cni-plugins-linux-arm64-v1.9.0.tgz',
    ]);
    expect(plan.downloads[1]?.integrity).toEqual({
      kind: 'sidecar',
      from: 'https://dl.k8s.io/v1.34.2/bin/linux/arm64/kubeadm.sha256',
    });
    expect(plan.downloads[1]?.file?.to).toBe('/usr/bin/kubeadm');
    expect(plan.texts.map(({ content }) => content)).toEqual(['v1.34.2\n', 'v1.9.0\n']);
    expect(plan.links[0]?.to).toBe('/var/kubernetes/kubelet-plugins/volume/exec');
  });

  it('takes the runc that containerd names, and the config its version reads', async () => {
    const old = await bake('containerd', '1.7.29', 'x86-64', { 'runc-version': 'v1.3.3' });
    expect(urls(old)[1]).toBe('https://github.com/opencontainers/runc/releases/download/v1.3.3/runc.amd64');
    expect(old.downloads[1]?.integrity).toEqual({
      kind: 'sums',
      sums: 'https://github.com/opencontainers/runc/releases/download/v1.3.3/runc.sha256sum',
    });
    expect(old.downloads[1]?.signature).toMatchObject({
      kind: 'clear-signed',
      signs: 'sums',
      keys: 'https://raw.githubusercontent.com/opencontainers/runc/refs/tags/v1.3.3/runc.keyring',
    });
    expect(old.trees).toEqual(['/recipes/containerd/files', '/recipes/containerd/files-config-2']);
    const young = await bake('containerd', '2.2.0', 'arm64', { 'runc-version': 'v1.3.3' });
    expect(young.trees).toEqual(['/recipes/containerd/files', '/recipes/containerd/files-config-3']);
    expect(urls(young)[0]).toContain('/v2.2.0/containerd-static-2.2.0-linux-arm64.tar.gz');
  });

  it('gives wasmcloud another program from version 2 on, and each artifact its own arch words', async () => {
    const one = await bake('wasmcloud', 'v1.2.1', 'arm64', { 'nats-version': 'v2.12.1' });
    expect(urls(one)).toEqual([
      'https://github.com/wasmCloud/wasmCloud/releases/download/v1.2.1/wasmcloud-aarch64-unknown-linux-musl',
      'https://github.com/nats-io/nats-server/releases/download/v2.12.1/nats-server-v2.12.1-linux-arm64.tar.gz',
    ]);
    expect(one.downloads[1]?.unpack).toMatchObject({
      top: 'nats-server-v2.12.1-linux-arm64',
      files: [{ member: 'nats-server' }],
    });
    expect(one.trees).toContain('/recipes/wasmcloud/files-host');
    const two = await bake('wasmcloud', 'v2.0.0', 'x86-64', { 'nats-version': 'v2.12.1' });
    expect(two.downloads[0]?.url).toMatch(/\/v2\.0\.0\/wash-x86_64-unknown-linux-musl$/);
    expect(two.downloads[0]?.file?.to).toBe('/usr/bin/wash');
    expect(two.downloads[1]?.url).toMatch(/linux-amd64\.tar\.gz$/);
    expect(two.trees).toEqual(['/recipes/wasmcloud/files']);
  });

  it('adds CNI to nerdctl only when its option is set', async () => {
    const plain = await bake('nerdctl', 'v2.1.0', 'x86-64');
    expect(urls(plain)).toHaveLength(1);
    expect(plain.trees).toEqual(['/recipes/nerdctl/files']);
    const full = await bake('nerdctl', 'v2.1.0', 'x86-64', { 'with-cni': 'v1.9.0' });
    expect(urls(full)[0]).toBe(
      'https://github.com/containerd/nerdctl/releases/download/v2.1.0/nerdctl-2.1.0-linux-amd64.tar.gz',
    );
    expect(full.downloads[1]?.unpack?.files?.[0]?.target.to).toBe('/usr/libexec/cni/');
    expect(full.texts[0]?.content).toBe('v1.9.0\n');
  });

  it.each([
    ['', ['docker*', 'containerd*', 'ctr', 'runc'], ['files-docker', 'files-containerd']],
    ['docker', ['containerd*', 'ctr', 'runc'], ['files-containerd']],
    ['containerd', ['docker*'], ['files-docker']],
  ])('leaves out what docker --without %j names', async (without, members, trees) => {
    const plan = await bake('docker', '28.0.4', 'x86-64', { without });
    const files = plan.downloads.flatMap(({ unpack }) => unpack?.files ?? []);
    expect(files.map(({ member }) => member)).toEqual(members);
    expect(plan.trees).toEqual(['files', ...trees].map((tree) => `/recipes/docker/${tree}`));
  });

  it.each([
    ['3.20.0', 'kata-static-3.20.0-arm64.tar.xz'],
    ['3.21.0', 'kata-static-3.21.0-arm64.tar.zst'],
    ['4.1.0', 'kata-go-static-4.1.0-arm64.tar.zst'],
  ])('finds kata-containers %s in %s', async (version, asset) => {
    const plan = await bake('kata-containers', version, 'arm64');
    expect(urls(plan).map((url) => url.split('/').at(-1))).toEqual([asset]);
    expect(plan.downloads[0]?.unpack).toMatchObject({ top: 'opt/kata', into: '/usr/lib/kata-containers' });
    expect(plan.links[0]).toEqual({
      path: '/usr/bin/kata-runtime',
      to: '../lib/kata-containers/bin/kata-runtime',
      optional: false,
    });
    expect(plan.links[2]?.optional).toBe(true);
  });

  it.each([
    ['v0.13.5', 'tgz'],
    ['v0.14.0', 'tar.zst'],
  ])('finds ollama %s as .%s', async (version, suffix) => {
    const plan = await bake('ollama', version, 'x86-64');
    expect(urls(plan)).toEqual([
      `https://github.com/ollama/ollama/releases/download/${version}/ollama-linux-amd64.${suffix}`,
    ]);
    expect(plan.downloads[0]?.unpack?.limit).toBe(8 * 1024 ** 3);
  });

  it('merges the falco tree into /usr and moves its /etc', async () => {
    const plan = await bake('falco', '0.41.0', 'arm64');
    expect(plan.downloads[0]?.unpack?.files).toEqual([
      { member: 'usr/**', target: { to: '/usr/' } },
      { member: 'etc/falco/**', target: { to: '/usr/share/falco/etc/falco/' } },
      { member: 'etc/falcoctl/**', target: { to: '/usr/share/falco/etc/falcoctl/' } },
    ]);
  });

  it('edits the unit that tailscale ships', async () => {
    const plan = await bake('tailscale', 'v1.80.3', 'x86-64');
    expect(urls(plan)).toEqual(['https://pkgs.tailscale.com/stable/tailscale_1.80.3_amd64.tgz']);
    expect(plan.edits).toEqual([
      {
        path: '/usr/lib/systemd/system/tailscaled.service',
        replace: '/usr/sbin/tailscaled',
        with: '/usr/bin/tailscaled',
      },
    ]);
  });

  it('hands haproxy its source and the build script', async () => {
    const plan = await bake('haproxy', '3.2.5', 'arm64');
    expect(plan.downloads).toMatchObject([
      {
        name: 'source',
        url: 'https://www.haproxy.org/download/3.2/src/haproxy-3.2.5.tar.gz',
        integrity: { from: 'https://www.haproxy.org/download/3.2/src/haproxy-3.2.5.tar.gz.sha256' },
      },
    ]);
    expect(plan.builds).toMatchObject([
      {
        kind: 'container',
        step: {
          script: 'build.sh',
          sources: { haproxy: { kind: 'artifact', artifact: 'source' } },
          take: { usr: '/usr' },
        },
      },
    ]);
  });

  it.each([
    ['x86-64', 'amd64', 'x86_64-linux-gnu'],
    ['arm64', 'arm64', 'aarch64-linux-gnu'],
  ] as const)(
    'finds the libraries of nvidia-runtime for %s in packages of an archive',
    async (arch, debian, gnu) => {
      expect((await bake('nvidia-runtime', 'v1.18.1', arch)).builds[0]).toMatchObject({
        kind: 'inner',
        step: {
          artifact: 'packages',
          archive: `*/packages/ubuntu18.04/${debian}/libnvidia-container1_1.18.1-*_${debian}.deb`,
          files: { [`usr/lib/${gnu}/*`]: '/usr/lib64/' },
        },
      });
    },
  );

  it('takes the wasm file of llamaedge and the plugin of the WasmEdge it runs in', async () => {
    const options = { 'wasmedge-version': '0.14.1' };
    expect(urls(await bake('llamaedge', '0.14.16', 'x86-64', options))).toEqual([
      'https://github.com/LlamaEdge/LlamaEdge/releases/download/0.14.16/llama-api-server.wasm',
      'https://github.com/WasmEdge/WasmEdge/releases/download/0.14.1/WasmEdge-plugin-wasi_nn-ggml-0.14.1-ubuntu20.04_x86_64.tar.gz',
    ]);
    await expect(bake('llamaedge', '0.14.16', 'arm64', options)).rejects.toThrow('(x86-64), got arm64');
  });

  it('relocates tilde by the library folder of its arch', async () => {
    expect((await bake('tilde', '1.1.3', 'arm64')).builds).toMatchObject([
      {
        kind: 'flix',
        step: {
          root: { kind: 'apt', apt: ['tilde=1.1.3*', 'libxcb1'], suite: 'bookworm' },
          entries: expect.arrayContaining(['/usr/bin/tilde', '/usr/lib/aarch64-linux-gnu/transcript1']),
        },
      },
    ]);
  });

  it.each([
    ['1.4.7', 'x86-64', 'btop-x86_64-unknown-linux-musl.tar.gz', 'github'],
    ['1.4.6', 'arm64', 'btop-aarch64-unknown-linux-musl.tbz', 'github'],
    ['1.4.5', 'x86-64', 'btop-x86_64-linux-musl.tbz', 'github'],
    ['1.4.4', 'arm64', 'btop-aarch64-linux-musl.tbz', 'github'],
    ['1.4.3', 'arm64', 'btop-aarch64-linux-musl.tbz', 'lock'],
  ] as const)(
    'knows what upstream called the archive of btop %s for %s',
    async (version, arch, file, kind) => {
      const plan = await bake('btop', version, arch);
      expect(urls(plan)).toEqual([
        `https://github.com/aristocratos/btop/releases/download/v${version}/${file}`,
      ]);
      expect(plan.downloads[0]).toMatchObject({ integrity: { kind }, unpack: { top: 'btop' } });
    },
  );

  it('writes the option of scx into its config', async () => {
    const { texts } = await bake('scx', 'v1.1.1', 'x86-64', { scheduler: 'scx_lavd' });
    expect(texts).toMatchObject([
      { path: '/usr/share/scx/scx', content: expect.stringContaining('\nSCX_SCHEDULER=scx_lavd\n') },
    ]);
  });

  it('maps the crio bundle without running its install script', async () => {
    const plan = await bake('crio', 'v1.32.2', 'arm64');
    expect(urls(plan)).toEqual(['https://storage.googleapis.com/cri-o/artifacts/cri-o.arm64.v1.32.2.tar.gz']);
    expect(plan.downloads[0]?.unpack?.files).toContainEqual({
      member: 'bin/crio',
      target: { to: '/usr/bin/', mode: 0o755 },
    });
  });

  it('takes the only folder wasmedge had before 0.15.0', async () => {
    expect((await bake('wasmedge', '0.14.1', 'x86-64')).downloads[0]?.unpack?.top).toBe(
      'WasmEdge-0.14.1-Linux',
    );
    expect((await bake('wasmedge', '0.15.0', 'x86-64')).downloads[0]?.unpack?.top).toBeUndefined();
  });
});
