import { createHash } from 'node:crypto';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '@bakery/core/src/ports/exec.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { enter, startNamespace } from './namespace.ts';
import { checkPrograms } from './required-programs.ts';

/**
 * trixie: systemd 257, the first with systemd-sysupdate in Debian stable. sid: the newest there is. bookworm-backports: 254,
 * the oldest with systemd-sysupdate that Debian has.
 */
export type Suite = 'trixie' | 'sid' | 'bookworm-backports';

/** Those tests are to run on: trixie, or what `BAKERY_SUITES` says, as `trixie,sid`; sid is not always whole. */
export function suitesAsked(): readonly Suite[] {
  return (process.env['BAKERY_SUITES'] ?? 'trixie').split(',').map((one): Suite => {
    if (one === 'trixie' || one === 'sid' || one === 'bookworm-backports') return one;
    throw new Error(`BAKERY_SUITES: expected trixie, sid and bookworm-backports, got "${one}"`);
  });
}

const packages = [
  'systemd',
  'systemd-container', // systemd-sysupdate, systemd-pull, systemd-dissect
  'squashfs-tools',
  'gnupg', // systemd-pull runs gpg for signed manifests
  'ca-certificates',
  'curl', // what scripts of web pages fetch with
  'libatomic1', // some Node.js builds link it
];

const ownPackages: Readonly<Record<Suite, readonly string[]>> = {
  trixie: [],
  sid: ['libcurl4t64'], // systemd-pull loads it, and only recommends it by now
  'bookworm-backports': ['libsystemd0', 'libsystemd-shared', 'libudev1'],
};

/** All of systemd comes from there with the libcurl it wants, everything else from bookworm. */
const backports = 'bookworm-backports';

/**
 * A pristine Debian root with real systemd, as a folder nobody may change. Made once per `cacheFolder` and
 * list of packages, in well under a minute; processes that want it at the same time wait for the one that
 * makes it.
 */
export async function debianRoot(
  cacheFolder: string = testbedCache(),
  exec: Exec = spawnExec(process.env),
  suite: Suite = 'trixie',
): Promise<string> {
  const included = includedIn(suite);
  const root = join(cacheFolder, `debian-${suite}-${digest([suite, ...included])}`);
  await checkPrograms(exec);
  if (await exists(root)) return root;

  await mkdir(cacheFolder, { recursive: true });
  await using namespace = await startNamespace(join(cacheFolder, 'debian.lock'));
  if (await exists(root)) return root;
  await removePartial(cacheFolder);
  const partial = `${root}.partial`;
  await runChecked(exec, 'nsenter', [
    ...enter(namespace),
    'mmdebstrap',
    ...bootstrapArgs(suite, included, partial),
  ]);
  await rename(partial, root);
  return root;
}

/** Where tests keep what is slow to make: `$BAKERY_TESTBED_CACHE`, else below the home folder. */
export function testbedCache(): string {
  return process.env['BAKERY_TESTBED_CACHE'] ?? join(homedir(), '.cache', 'bakery-testbed');
}

function bootstrapArgs(suite: Suite, included: readonly string[], folder: string): string[] {
  return [
    '--quiet',
    '--mode=root',
    '--format=directory',
    '--variant=apt',
    `--include=${included.join(',')}`,
    ...(suite === 'sid' ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []), // mirrors of it lag behind
    ...(suite === backports ? [`--setup-hook=${addBackports}`, 'bookworm'] : [suite]),
    folder,
  ];
}

/** From the mirror that mmdebstrap chose. */
const addBackports = `cd "$1/etc/apt" && sed -n 's/ bookworm main$/ ${backports} main/p' sources.list >sources.list.d/backports.list`;

function includedIn(suite: Suite): readonly string[] {
  const all = [...packages, ...ownPackages[suite]];
  return suite === backports
    ? all.map((name) => (/systemd|libudev|curl/.test(name) ? `${name}/${backports}` : name))
    : all;
}

/** What a killed run left; only the holder of the lock makes such folders. */
async function removePartial(cacheFolder: string): Promise<void> {
  const names = await readdir(cacheFolder);
  const partial = names.filter((name) => name.startsWith('debian-') && name.endsWith('.partial'));
  await Promise.all(partial.map((name) => rm(join(cacheFolder, name), { recursive: true, force: true })));
}

function digest(words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 12);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
