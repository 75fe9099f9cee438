const image = `docker.io/library/alpine@sha256:${'a'.repeat(64)}`;
const commit = 'b'.repeat(40);
const condition = {
  when: '>=1',
  if: { plugin: 'a', color: ['red', 'blue'], size: { not: 'large' } },
  part: 'all',
};
const shared = {
  when: '<2',
  arches: ['x86-64', 'arm64'],
  if: { shape: 'a', tint: ['red', 'blue'], weight: { not: 'large' } },
};
const listing = {
  url: 'https://example.org/list?{branch}',
  branches: { url: 'https://example.org/branches', regex: 'v(\\d+)', range: '>=1' },
};
const filters = { match: 'v(.*)', exclude: 'rc', strip: 'v', range: '>=1', form: '.*' };

/** Recipes that use every key of the format among them. Each stands alone and can be built for version 1.0.0. */
export function recipesWithEverything(): object[] {
  return [...versionSources.map((versions) => recipeWith({ versions })), ...parts.map(recipeWith)];
}

function recipeWith(part: object): object {
  return {
    recipe: 1,
    name: 'demo',
    summary: 'A demo',
    homepage: 'https://example.org/',
    license: 'MIT',
    versions: { from: 'pinned', versions: ['1.0.0'] },
    arch: { 'x86-64': 'amd64', arm64: 'arm64', riscv64: 'riscv64' },
    options: {
      plugin: { help: 'A plugin', default: 'a', values: ['a', 'b'] },
      color: { help: 'A color', default: 'red' },
      size: { help: 'A size', default: 'small' },
      shape: { help: 'A shape', default: 'a' },
      tint: { help: 'A tint', default: 'red' },
      weight: { help: 'A weight', default: 'small' },
    },
    ...(JSON.stringify(part).includes('"part":') ? { parts: { all: shared } } : {}),
    ...part,
  };
}

const versionSources = [
  { from: 'pinned', versions: ['1.0.0'], ...filters },
  { from: 'npm', package: '@scope/demo', ...filters },
  { from: 'github-releases', repo: 'owner/demo', latest: { follow: 'k3s', infix: '+k3s' } },
  { from: 'github-tags', repo: 'owner/demo', latest: { 'minors-of': { ...listing, regex: 'v(.*)' } } },
  { from: 'gitlab-tags', host: 'gitlab.com', project: 'owner/demo' },
  { from: 'apt', package: 'demo', suite: 'trixie' },
  { from: 'http', ...listing, regex: 'demo-(.*)' },
  {
    from: 'http',
    url: 'https://example.org/list',
    parse: 'json',
    path: 'names',
    next: { query: 'after', path: 'next' },
    latest: {
      'minors-of': {
        url: 'https://example.org/minors',
        parse: 'json',
        path: 'names',
        next: { query: 'after', path: 'next' },
      },
    },
  },
];

function artifact(integrity: unknown, more: object): object {
  const url = 'https://example.org/{version}/demo-{arch}.tar.gz';
  return { ...condition, url, integrity, ...more };
}
const place = { to: '/usr/bin/demo', mode: '0755' };
const unpack = {
  files: { 'bin/demo': '/usr/bin/', 'share/**': { to: '/usr/share/', mode: '0644', ...condition } },
};
const source = (root: object): object => ({ ...condition, flix: { root, entries: ['/usr/bin/demo'] } });
const shipped = (root: object): object => ({ ...condition, flatwrap: { root, entries: ['/usr/bin/demo'] } });

const roots = [
  { apk: ['demo~={version}', 'libdemo'], image },
  { apt: ['demo={version}*', 'libdemo'], suite: 'trixie' },
  { image: 'docker.io/library/demo:{version}' },
];
const withArtifact = { artifacts: [{ ...artifact({ none: 'a test' }, {}), name: 'source' }] };

const parts: readonly object[] = [
  ...versionSources.map((source_) => ({ options: { 'demo-version': { help: 'x', default: source_ } } })),
  {
    artifacts: [
      artifact(
        { sums: '{url}.sums', name: '{base}' },
        { unpack: { ...unpack, top: 'demo', exclude: ['doc'] } },
      ),
      artifact({ from: '{url}.sha256' }, { unpack: { into: '/usr/share/demo', limit: '1M' } }),
    ],
  },
  { artifacts: [artifact({ literal: { 'x86-64': `sha256:${'c'.repeat(64)}` } }, { place })] },
  { artifacts: [artifact(`sha256:${'c'.repeat(64)}`, { place: '/usr/bin/demo' })] },
  {
    artifacts: [
      {
        ...artifact({ lock: 'a test' }, { place: '/usr/bin/demo-{tool}' }),
        each: { tool: ['a', 'b'] },
        arch: { 'x86-64': 'x64', arm64: 'aarch64', riscv64: 'riscv64' },
      },
      { ...artifact('npm', { place }), url: 'npm:@scope/demo@{version}' },
    ],
  },
  ...[
    { openpgp: '{url}.asc', keys: 'keys.asc', signer: ['A'.repeat(40)], signs: 'artifact' },
    { openpgp: '{url}.asc', keys: 'keys.asc', signer: 'A'.repeat(40), signs: 'artifact' },
    { cosign: '{url}.sig', key: 'keys.asc', signs: 'artifact' },
    {
      cosign: '{url}.bundle',
      identity: 'https://example.org/release',
      issuer: 'https://accounts.example.org',
      signs: 'artifact',
    },
    {
      cosign: '{url}.sig',
      certificate: '{url}.cert',
      identity: 'release@example.org',
      issuer: 'https://accounts.example.org',
      signs: 'artifact',
    },
    { attestation: 'owner/demo', workflow: 'release.yml', signs: 'artifact' },
    { attestation: 'owner/demo', workflow: 'release.yml' },
  ].map((signature) => ({ artifacts: [artifact('signature', { signature, place })] })),
  {
    ...withArtifact,
    build: [
      {
        ...condition,
        container: {
          image,
          script: 'build.sh',
          sources: {
            demo: {
              git: 'https://example.org/demo.git',
              ref: 'v{version}',
              submodules: { 'third/x': commit },
            },
            more: { artifact: 'source' },
          },
          patches: ['fix.patch', { path: 'fix.patch', ...condition }],
          packages: ['make'],
          network: true,
          env: { CFLAGS: '-O2' },
          take: { usr: '/usr' },
        },
      },
    ],
  },
  ...roots.map((root) => ({ build: [source(root)] })),
  ...roots.map((root) => ({ build: [shipped(root)] })),
  { os: { id: 'debian', version: '{version}' } },
  { eol: { product: 'demo' } },
  { revise: 'on-second-product' },
  { ...withArtifact, build: [source({ artifact: 'source' })] },
  { ...withArtifact, build: [shipped({ artifact: 'source' })] },
  {
    build: [
      {
        flix: {
          root: { image: 'docker.io/library/demo:{version}' },
          entries: ['/usr/bin/demo'],
          'extra-libs': ['libnss_x.so.2'],
        },
      },
      {
        flatwrap: {
          root: { image: 'docker.io/library/demo:{version}' },
          entries: ['/usr/bin/demo'],
          chroot: ['/usr'],
          host: ['/dev'],
        },
      },
      { ...condition, 'oci-rootfs': { image, run: ['sh', '-c', 'true'], take: { usr: '/usr' } } },
    ],
  },
  {
    ...withArtifact,
    build: [
      {
        ...condition,
        script: {
          image,
          file: 'create.sh',
          function: 'fill',
          options: { flavour: 'full' },
          beside: ['build.sh'],
          packages: ['curl'],
          network: true,
        },
      },
    ],
  },
  {
    ...withArtifact,
    build: [
      {
        ...condition,
        inner: { artifact: 'source', archive: '*.deb', files: { 'usr/**': '/usr/' }, exclude: ['usr/doc'] },
      },
    ],
  },
  {
    files: [{ from: 'files', ...condition }],
    folders: [{ path: '/usr/lib/demo', mode: '0755', ...condition }],
    text: [{ path: '/usr/lib/demo/text', content: '{version}\n', mode: '0644', ...condition }],
    edit: [{ path: '/usr/lib/demo/text', replace: '1.0.0', with: '{version}', ...condition }],
    links: [{ path: '/usr/lib/demo/link', to: 'text', ...condition }],
    require: ['/usr/lib/demo/text', { path: '/usr/lib/demo/text', ...condition }],
    os: { id: 'flatcar', level: '1' },
    units: [{ name: 'demo.service', start: 'user', ...condition }],
    requires: [{ name: 'other', version: '{version}', why: 'it needs it', ...condition }],
    conflicts: [{ name: 'another', version: '{version}', why: 'they clash', ...condition }],
    masks: ['docker-flatcar'],
    setup: [
      { path: '/etc/demo', help: 'x', mode: '0644', user: 'root', group: 'root', content: 'x', ...condition },
      { unit: 'demo.service', help: 'x', 'drop-in': { name: 'x.conf', content: 'x' }, ...condition },
      { user: 'demo', help: 'x', home: '/var/lib/demo', shell: '/bin/sh', groups: ['docker'], ...condition },
    ],
    smoke: [
      { run: 'demo --version', prints: '{version}', ...condition },
      { run: 'demo --version', matches: '\\d', ...condition },
    ],
    test: [
      { config: '/etc/demo.conf', content: '{version}', mode: '0640', ...condition },
      { unit: 'demo.service', ...condition },
      { port: 8080, within: 60, ...condition },
      { run: 'demo status', prints: '{version}', ...condition },
      { run: 'demo status', matches: '\\d', ...condition },
      { file: '/run/demo.sock', ...condition },
    ],
  },
];
