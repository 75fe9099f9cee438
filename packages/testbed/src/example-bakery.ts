import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tarGzOf } from './archives.ts';
import { npmRegistry, type NpmRegistry } from './npm-registry.ts';
import { type Route, startUpstream, type Upstream } from './upstream.ts';

/** A user's folder with recipes of a made-up world, and that world: a web server and an npm registry on loopback. */
export interface ExampleBakery extends AsyncDisposable {
  /** Where commands run: `bakery.yaml`, `recipes/`; the default store is `out/` in it, the release list is missing. */
  readonly folder: string;
  /** What a command needs in its environment to see this world, with a cache and a TMPDIR of its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly tmpdir: string;
  readonly upstream: Upstream;
  readonly registry: NpmRegistry;
  /** Writes a file of the user, with the folders above it. */
  write(path: string, text: string): Promise<void>;
  /** From now on `https://PATH` is this text or these bytes; undefined takes it away. */
  serve(path: string, content: string | Uint8Array | undefined): void;
  /** Upstream of `name` puts a version out. */
  putOut(name: string, version: string, where?: Where): Promise<void>;
  /** From now on upstream's files of a version are not what its hashes say. */
  spoil(name: string, version: string): void;
  /** Upstream has no files of a version any more; it still lists it. */
  withdraw(name: string, version: string): void;
  /** Upstream's files of a version are as they should be again. */
  mend(name: string, version: string): Promise<void>;
}

export type ExampleArch = 'amd64' | 'aarch64';

export interface Where {
  readonly arches?: readonly ExampleArch[];
}

const arches: readonly ExampleArch[] = ['amd64', 'aarch64'];

/**
 * Two extensions from a web server (`alpha`, whose versions have no `v`, and `beta`, whose have) and one from npm
 * (`gamma`), each a script that prints its version.
 */
export async function exampleBakery(): Promise<ExampleBakery> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await mkdtempDisposable(join(tmpdir(), 'example-bakery-'))).path;
  const routes: Record<string, Route> = {};
  const versions = new Map<string, string[]>();
  const upstream = stack.use(await startUpstream(routes));
  const registry = stack.use(await npmRegistry());
  const [folder, temporary] = [join(home, 'user'), join(home, 'tmp')];
  await Promise.all([folder, temporary].map((path) => mkdir(path)));

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const serveFile = (name: string, version: string, arch: ExampleArch): void => {
    const archive = archiveOf(name, version);
    const path = `/${name}.example/${version}/${name}-${arch}.tar.gz`;
    routes[path] = archive;
    routes[`${path}.sha256`] = `${createHash('sha256').update(archive).digest('hex')}\n`;
  };
  const putOut = async (name: string, version: string, where: Where = {}): Promise<void> => {
    for (const arch of where.arches ?? arches) {
      if (name === 'gamma') {
        await registry.publish(packageOf(name, version, arch));
        continue;
      }
      const listed = [...(versions.get(`${name} ${arch}`) ?? []), version];
      versions.set(`${name} ${arch}`, listed);
      routes[`/${name}.example/${arch}.html`] = listed.map((one) => `<li>${one}</li>`).join('\n');
      serveFile(name, version, arch);
    }
  };
  await write('bakery.yaml', 'recipes: [recipes]\n');
  await write('recipes/alpha/recipe.yaml', webRecipe('alpha'));
  await write('recipes/beta/recipe.yaml', webRecipe('beta'));
  await write('recipes/gamma/recipe.yaml', npmRecipe('gamma'));

  const owned = stack.move();
  return {
    folder,
    tmpdir: temporary,
    upstream,
    registry,
    env: {
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
      HOME: join(home, 'home'),
      TMPDIR: temporary,
      BAKERY_CACHE: join(home, 'cache'),
      // npm would put its own into TMPDIR.
      NODE_COMPILE_CACHE: join(home, 'compiled'),
      BAKERY_MIRRORS: `https://=${upstream.url}/,npm:=${registry.url}`,
    },
    write,
    serve: (path, content) => {
      if (content === undefined) delete routes[`/${path}`];
      else routes[`/${path}`] = content;
    },
    putOut,
    spoil: (name, version) => {
      for (const arch of arches) routes[`/${name}.example/${version}/${name}-${arch}.tar.gz`] = 'spoilt';
    },
    withdraw: (name, version) => {
      for (const arch of arches) delete routes[`/${name}.example/${version}/${name}-${arch}.tar.gz`];
    },
    mend: async (name, version) => {
      for (const arch of arches) serveFile(name, version, arch);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Enough that no compressor makes an image of one block of it. */
const ballast = Buffer.concat(
  Array.from({ length: 5000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
);

function scriptOf(name: string, version: string): string {
  return `#!/bin/sh\necho ${name} ${version}\n`;
}

function archiveOf(name: string, version: string): Buffer {
  return tarGzOf([
    { path: `bin/${name}`, content: scriptOf(name, version), mode: 0o755 },
    { path: `share/${name}/ballast`, content: ballast },
  ]);
}

function packageOf(name: string, version: string, arch: ExampleArch) {
  const script = { content: scriptOf(name, version), mode: 0o755 };
  return { name: `@example/${name}-${arch}`, version, members: { [`bin/${name}`]: script } };
}

function webRecipe(name: string): string {
  return `recipe: 1
name: ${name}
summary: Says its version
homepage: https://${name}.example/
license: MIT

versions:
  from: http
  url: https://${name}.example/{arch}.html
  regex: <li>([^<]+)</li>
streams: major

arch: { x86-64: amd64, arm64: aarch64 }

options:
  greeting: { help: What to say first., default: hello }

artifacts:
  - url: https://${name}.example/{version}/${name}-{arch}.tar.gz
    integrity: { from: '{url}.sha256' }
    unpack: { into: /usr }

text:
  - { path: /usr/share/${name}/greeting, content: "{greeting}\\n" }

smoke:
  - run: ${name}
    prints: ${name} {version}
`;
}

function npmRecipe(name: string): string {
  return `recipe: 1
name: ${name}
summary: Says its version
homepage: https://${name}.example/
license: MIT

versions:
  from: npm
  package: '@example/${name}-{arch}'
  latest: { majors: 2 }
streams: major

arch: { x86-64: amd64, arm64: aarch64 }

artifacts:
  - url: npm:@example/${name}-{arch}@{version}
    integrity: npm
    unpack:
      top: package
      files: { bin/${name}: { to: /usr/bin/${name}, mode: '0755' } }

smoke:
  - run: ${name}
    prints: ${name} {version}
`;
}
