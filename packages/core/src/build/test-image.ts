import { createHash } from 'node:crypto';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { debianRoot, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { startNamespace } from '@bakery/testbed/debian-host/namespace.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { Arch } from '../arch.ts';
import { aptRootArgs } from './apt-root.ts';

/** Debian packages that make a container image, unpacked and not configured. */
export interface TestImage {
  readonly name: string;
  readonly packages: readonly string[];
  /** Links in /usr/bin that configuring the packages would have made, name → target. */
  readonly links: Readonly<Record<string, string>>;
}

/** A shell, a small C compiler and little else. */
export const tools: TestImage = {
  name: 'tools',
  packages: ['base-files', 'coreutils', 'dash', 'libc6-dev', 'tcc'],
  links: {},
};

/**
 * What the recipes with a `build.sh` compile with: Debian's names for what they ask of Alpine, behind what every
 * configure script asks for.
 */
export const compilers: TestImage = {
  name: 'compilers',
  packages: words(`
    base-files coreutils dash diffutils file findutils gawk grep gzip sed tar
    autoconf automake binutils bison cargo flex gcc libc6-dev libtool linux-libc-dev m4 make perl pkgconf rustc
    libcap-dev liblua5.4-dev libmagic-dev libmnl-dev libncurses-dev libnftnl-dev libnl-3-dev libnl-genl-3-dev
    libnl-route-3-dev libpcre2-dev libreadline-dev libssh-dev libssl-dev libzstd-dev zlib1g-dev
  `),
  links: { aclocal: 'aclocal-1.17', automake: 'automake-1.17', awk: 'gawk', cc: 'gcc' },
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

const suite = 'trixie';
const exec = spawnExec(process.env);

/** A tar of the root of an image; made once for each machine. */
export async function imageTar(image: TestImage, arch: Arch): Promise<string> {
  await debianRoot(); // says what the machine lacks
  const contents = createHash('sha256')
    .update(JSON.stringify([suite, image]))
    .digest('hex')
    .slice(0, 12);
  const tar = join(testbedCache(), `${image.name}-${contents}-${arch}.tar`);
  await using _ = await startNamespace(`${tar}.lock`);
  if (await exists(tar)) return tar;
  const partial = `${tar}.partial.tar`;
  const hooks = Object.entries(image.links).map(
    ([name, target]) => `--extract-hook=ln -s ${target} "$1/usr/bin/${name}"`,
  );
  await runChecked(exec, 'mmdebstrap', [...hooks, ...aptRootArgs(image.packages, suite, arch, partial)]);
  await rename(partial, tar);
  return tar;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
