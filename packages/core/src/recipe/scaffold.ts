import { UserError } from '../diagnostics/user-error.ts';
import { ExtensionName } from '../names/extension-name.ts';

/** Stands in a starter recipe where the author must write something; lint refuses it. */
export const unfinished = 'FILL-IN';

/** What a starter recipe shows how to fetch. */
export const starterKinds = ['archive', 'binary', 'npm', 'build'] as const;
export type StarterKind = (typeof starterKinds)[number];

export interface StarterFile {
  /** Relative to the recipe's folder. */
  readonly path: string;
  readonly content: string;
  /** Permission bits. */
  readonly mode: number;
}

/** The files of a new recipe: it loads as it is, and lint names what is left to fill in. */
export function newRecipe(name: string, kind: StarterKind = 'archive'): StarterFile[] {
  const bad = ExtensionName.safeParse(name).error?.issues[0]?.message;
  if (bad !== undefined) throw new UserError('name.invalid', `${name}: ${bad}`);
  return [
    { path: 'recipe.yaml', content: recipeYaml(name, kind), mode: 0o644 },
    { path: 'README.md', content: readmeOf(name), mode: 0o644 },
    { path: `files/usr/share/licenses/${name}/LICENSE`, content: `${unfinished}\n`, mode: 0o644 },
    ...(kind === 'build' ? [{ path: 'build.sh', content: buildScript(name), mode: 0o755 }] : []),
  ];
}

function recipeYaml(name: string, kind: StarterKind): string {
  return `# yaml-language-server: $schema=../recipe.schema.json
# Replace every ${unfinished}, then: bakery lint ${name} && bakery create ${name} VERSION
recipe: 1
name: ${name}
summary: ${unfinished} in a few words
homepage: https://example.org/${unfinished}
license: ${unfinished} # SPDX expression

${versionsAndArtifacts[kind](name)}
# Files in files/ are part of the image. With systemd units in files/usr/lib/systemd/system, also:
# reload: true
# units: [{ name: ${name}.service, start: merge }]

smoke:
  - run: ${name} --version
    prints: '{bare}'
`;
}

const githubVersions = `versions:
  from: github-releases
  repo: ${unfinished}/${unfinished}
  # strip: v                   # publish 1.2.3 for the tag v1.2.3; decide once and for all
  # latest: { minors: 3 }      # keep several series alive
# streams: minor               # with several series: one sysupdate file each

arch: { x86-64: amd64, arm64: arm64 } # what {arch} stands for
`;

const versionsAndArtifacts: Readonly<Record<StarterKind, (name: string) => string>> = {
  archive: (name) => `${githubVersions}
artifacts:
  - url: https://github.com/${unfinished}/${unfinished}/releases/download/{version}/${name}-{bare}-linux-{arch}.tar.gz
    integrity: { sums: 'https://github.com/${unfinished}/${unfinished}/releases/download/{version}/SHA256SUMS' }
    unpack:
      files:
        ${name}: /usr/bin/
`,
  binary: (name) => `${githubVersions}
artifacts:
  - url: https://github.com/${unfinished}/${unfinished}/releases/download/{version}/${name}-linux-{arch}
    integrity: github # or { from: '{url}.sha256' } where upstream has one
    place: /usr/bin/${name}
`,
  npm: (name) => `versions:
  from: npm
  package: ${unfinished.toLowerCase()}-linux-{arch}

arch: { x86-64: x64, arm64: arm64 } # what {arch} stands for

artifacts:
  - url: npm:${unfinished.toLowerCase()}-linux-{arch}@{version} # ${unfinished}
    integrity: npm
    unpack:
      top: package
      files:
        bin/${name}: /usr/bin/
`,
  build: (name) => `${githubVersions}
build:
  - container:
      image: docker.io/library/${unfinished.toLowerCase()}@sha256:${'0'.repeat(64)} # ${unfinished}
      script: build.sh
      sources:
        ${name}: { git: 'https://github.com/${unfinished}/${unfinished}', ref: '{version}' }
      packages: [build-base]
      network: true
      take: { usr: /usr }
`,
};

function readmeOf(name: string): string {
  return `# ${name}

${unfinished}: what it is, and what a host needs for it.

## Versions

${unfinished}: which versions are built, and why.

## Use

${unfinished}: what to configure on the host.
`;
}

function buildScript(name: string): string {
  return `#!/bin/sh
# Runs inside the container, for the target architecture, in a folder with ${name}/; writes to "$OUT".
set -eu
cd ${name}
# ${unfinished}: ./configure --prefix=/usr --sbindir=/usr/bin && make && make install DESTDIR="$OUT"
`;
}
