import { mkdir, mkdtempDisposable, readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngine, type TestEngine } from '@bakery/testbed/containers/engine.ts';
import { bash } from '@bakery/testbed/containers/image.ts';
import { importImage } from '@bakery/testbed/containers/podman.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { runBakery } from './run-bakery.ts';

const debian = `docker.io/library/debian@sha256:${'b'.repeat(64)}`;
const otherArch = machineArch === 'arm64' ? 'x86-64' : 'arm64';

let stack: AsyncDisposableStack;
let bakery: ExampleBakery;
let podman: TestEngine;
let local: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  bakery = stack.use(await exampleBakery());
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'import-builds-'))).path;
  podman = stack.use(await startEngine('podman', folder));
  local = await importImage(podman, bash, machineArch);
});
afterAll(() => stack.disposeAsync());

/** Imports a script that checks by itself what it makes, which the stand-ins cannot answer, so that nothing can be read. */
async function importing(name: string, lines: string, args: readonly string[], env = {}) {
  await bakery.write(
    `scripts/${name}.sysext/create.sh`,
    `list_available_versions() { list_github_releases example tool; }
populate_sysext_root() {
  mkdir -p "$1/usr/share/numbers"
  seq 1 9 >"$1/usr/share/numbers/of-$2"
  echo "$3" >"$1/usr/share/numbers/version"
  local sum
  sum=$(sha256sum "$1/usr/share/numbers/of-$2")
  [[ $sum != 00000000* ]] || exit 1
${lines}
}
`,
  );
  const like = ['--like', 'v1.0.0', 'v1.1.0'];
  return runBakery(bakery, ['import', `scripts/${name}.sysext`, ...like, ...args], { env });
}

/** PATH with all programs of this machine but those that run containers, or install them. */
async function withoutEngines(): Promise<string> {
  const folder = join(bakery.folder, '../programs');
  await mkdir(folder);
  const programs = new Map<string, string>();
  for (const from of ['/sbin', '/usr/sbin', '/bin', '/usr/bin']) {
    for (const name of await readdir(from)) programs.set(name, join(from, name));
  }
  for (const [name, path] of programs) {
    if (!/^(podman|docker|apt)/.test(name)) await symlink(path, join(folder, name));
  }
  return folder;
}

const withPodman = () => ({ ...podman.env, BAKERY_IMAGES: `${debian}=${local}` });

describe('bakery import of a script that can only be run', () => {
  it('runs it in a container too, and compares what came of both', async () => {
    const { code, stderr } = await importing('same', '', ['--image', debian], withPodman());
    expect(code).toBe(0);
    for (const version of ['v1.0.0', 'v1.1.0']) {
      expect(stderr).toContain(
        `trees of ${version} for ${machineArch}, by the script and by the recipe: the same `,
      );
      expect(stderr).toContain(`trees of ${version} for ${otherArch}: not compared\n`);
    }
    expect(stderr).toMatch(
      new RegExp(`^left to decide: trees: not compared: image .* \\(v1\\.0\\.0 for ${otherArch}, `, 'm'),
    );
    const recipe = await readFile(join(bakery.folder, 'recipes/same/recipe.yaml'), 'utf8');
    expect(recipe).toContain(`image: ${debian}\n`);
    expect(stderr).not.toContain('name an image with bash');
  });

  it('tells what is different in the container', async () => {
    const line =
      '  id -u >"$1/usr/share/numbers/user"; [[ $EUID != 0 ]] || echo >"$1/usr/share/numbers/root"';
    const args = ['--image', debian, '--arch', machineArch];
    const { stderr } = await importing('other', line, args, withPodman());
    expect(stderr).toContain(
      'left to decide: trees: /usr/share/numbers/root: only the recipe makes it, a file of 1 B, mode 0644\n',
    );
    expect(stderr).toContain(
      'left to decide: trees: /usr/share/numbers/user: 5 B by the script, 2 B by the recipe\n',
    );
  });

  it('says that there is no image yet, or no program that runs containers', async () => {
    const unnamed = await importing('unnamed', '', []);
    expect(unnamed.stderr).toContain(
      'left to decide: trees: not compared: unnamed: expected an image to run the script in; --image IMAGE@sha256:… names one\n',
    );
    const alone = await importing('alone', '', ['--image', debian], { PATH: await withoutEngines() });
    expect(alone.stderr).toMatch(
      /^left to decide: trees: not compared: expected on PATH, not found: podman \(needed to build in containers/m,
    );
    const loose = await importing('loose', '', ['--image', 'docker.io/library/debian:13']);
    expect(loose.stderr).toContain('--image docker.io/library/debian:13: expected an image pinned by digest');
    expect(loose.code).not.toBe(0);
  });

  it('says that what a script compiles is still to be written', async () => {
    await bakery.write(
      'scripts/compiling.sysext/create.sh',
      `list_available_versions() { list_github_releases example tool; }
populate_sysext_root() { docker run --rm docker.io/library/alpine:3.23 make; }
`,
    );
    const { stderr } = await runBakery(bakery, ['import', 'scripts/compiling.sysext', '--like', 'v1.0.0']);
    expect(stderr).toContain(
      'trees: not compared: compiling: expected a build, found build.sh, which is still to be written\n',
    );
  });
});
