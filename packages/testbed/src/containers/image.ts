import { createHash } from 'node:crypto';
import { access, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { aptRootArgs } from '@bakery/core/src/steps/apt-root.ts';
import { debianRoot, testbedCache } from '../debian-host/debian-root.ts';
import { startNamespace } from '../debian-host/namespace.ts';

/** Debian packages that make a container image, unpacked and not configured. */
export interface TestImage {
  readonly name: string;
  readonly packages: readonly string[];
  /** Shell lines to finish the root in `$1` with: what configuring the packages would have done, and more. */
  readonly finish: readonly string[];
}

/** A shell, a small C compiler and little else. */
export const tools: TestImage = {
  name: 'tools',
  packages: ['base-files', 'coreutils', 'dash', 'libc6-dev', 'tcc'],
  finish: [],
};

/** What scripts of flatcar/sysext-bakery need at least. */
export const bash: TestImage = {
  name: 'bash',
  packages: ['base-files', 'bash', 'coreutils', 'curl', 'dash', 'grep', 'sed'],
  finish: [],
};

/**
 * What the recipes with a `build.sh` compile with: Debian's names for what they ask of Alpine, behind what every
 * configure script asks for.
 */
export const compilers: TestImage = {
  name: 'compilers',
  packages: words(`
    base-files busybox coreutils dash diffutils file findutils gawk grep gzip sed tar
    autoconf automake binutils bison cargo flex gcc libc6-dev libtool linux-libc-dev m4 make perl pkgconf rustc
    libcap-dev libipset-dev liblua5.4-dev libmagic-dev libmnl-dev libncurses-dev libnftnl-dev libnl-3-dev
    libnl-genl-3-dev libnl-route-3-dev libpcre2-dev libreadline-dev libssl-dev libzstd-dev zlib1g-dev
  `),
  finish: [
    ...Object.entries({ aclocal: 'aclocal-1.17', automake: 'automake-1.17', awk: 'gawk', cc: 'gcc' }).map(
      ([name, target]) => `ln -s ${target} "$1/usr/bin/${name}"`,
    ),
    // The shell of Alpine knows what some scripts take for granted, and dash does not.
    'ln -sf busybox "$1/usr/bin/sh"',
    // A static libcrypto of Debian needs two more libraries, unlike Alpine's, and what autoconf makes does not ask.
    'cd "$1"/usr/lib/*-linux-gnu && mv libcrypto.a libcrypto-only.a && echo "GROUP(libcrypto-only.a libz.a libzstd.a)" >libcrypto.a',
  ],
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
  const cache = testbedCache();
  const tar = join(cache, `${image.name}-${arch}-${contents}.tar`);
  await using _ = await startNamespace(join(cache, `${image.name}-${arch}.lock`));
  if (await exists(tar)) return tar;
  await removeOthers(cache, `${image.name}-${arch}-`);
  const partial = `${tar}.partial.tar`;
  const hooks = image.finish.map((line) => `--extract-hook=${line}`);
  await runChecked(exec, 'mmdebstrap', [...hooks, ...aptRootArgs(image.packages, suite, arch, partial)]);
  await rename(partial, tar);
  return tar;
}

/** An image with other packages is of the past, and may be large. */
async function removeOthers(cache: string, prefix: string): Promise<void> {
  const names = await readdir(cache);
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map((name) => rm(join(cache, name))));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
