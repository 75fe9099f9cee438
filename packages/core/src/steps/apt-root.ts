import { symlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { templated } from '../language/slots.ts';
import { findInRoot } from '../lifetime/find-inside.ts';
import { type Arch, archNames } from '../names/arch.ts';
import { DebianPackage, DebianSuite } from '../names/package-name.ts';
import { outputLimit, type BuildContext } from './build-context.ts';
import { extractAll } from './extract-all.ts';
import { requirePackages } from './package-spec.ts';
import { rootKind } from './root-kind.ts';

/** Packages of Debian and what they depend on. */
export const aptRoot = rootKind({
  kind: 'apt',
  form: '{apt, suite}',
  schema: z
    .strictObject({ apt: z.array(templated(DebianPackage)).min(1), suite: templated(DebianSuite) })
    .transform((root) => ({ kind: 'apt' as const, ...root })),
  prepare: async (root, folder, context) => ({
    suite: root.suite,
    packages: await unpackPackages(root, folder, context),
  }),
  tools: ['apt roots'],
  versioned: ({ apt }) => ({ texts: apt, example: '"NAME={version}*"' }),
});

/**
 * Unpacks Debian packages and what they depend on into `folder`, by apt with its own keys and mirrors. They are
 * not configured: no program of theirs runs, so any architecture can be had on any machine, and nothing in the
 * root is of this machine. Resolves to `NAME VERSION` of each, sorted.
 */
async function unpackPackages(
  { apt, suite }: { readonly apt: readonly string[]; readonly suite: string },
  folder: string,
  context: BuildContext,
): Promise<string[]> {
  const { ports, arch, offline, scratch } = context;
  if (offline) {
    throw new UserError(
      'fetch.offline',
      `${apt.join(', ')}: expected not to need the network (--offline), packages do`,
    );
  }
  const tar = join(scratch, 'packages.tar');
  ports.report.info(`unpack ${apt.join(', ')} of ${suite}`);
  const printed = await runMmdebstrap(aptRootArgs(apt, suite, arch, tar), apt, suite, context);
  const packages = unpackedPackages(printed);
  requirePackages(apt, packages);
  await extractAll({ path: tar, format: 'tar', label: `root of ${suite}` }, folder, outputLimit, ports);
  await rm(tar);
  await mergeUsr(folder);
  return packages;
}

/** `--variant=extract`: what is named and what it depends on, nothing else, not configured. */
export function aptRootArgs(
  packages: readonly string[],
  suite: string,
  arch: Arch,
  output: string,
): string[] {
  return [
    '--verbose',
    '--variant=extract',
    '--format=tar',
    `--architectures=${archNames(arch).debian}`,
    ...packages.map((name) => `--include=${name}`),
    '--',
    suite,
    output,
  ];
}

/** Reads the names of the packages that dpkg is handed, `libc6_2.41-12_arm64.deb`, an epoch as `1%3a2.0`. */
export function unpackedPackages(printed: string): string[] {
  const found = [...printed.matchAll(/\/archives\/([^\s/_]+)_([^\s/_]+)_[^\s/_]+\.deb/g)];
  const lines = found.map(([, name = '', version = '']) => `${name} ${version.replaceAll('%3a', ':')}`);
  return [...new Set(lines)].toSorted();
}

async function runMmdebstrap(
  args: readonly string[],
  packages: readonly string[],
  suite: string,
  { ports }: BuildContext,
): Promise<string> {
  const { code, stdout, stderr } = await ports.exec.run('mmdebstrap', args, {
    env: { LC_ALL: 'C', SOURCE_DATE_EPOCH: undefined },
    isApart: true,
  });
  if (code === 0) return stdout + stderr;
  const said = [...stderr.matchAll(/^E: (?!mmdebstrap|apt download)(.+)$/gm)]
    .map(([, line]) => line)
    .join('; ');
  throw new UserError(
    'build.package',
    `${packages.join(', ')}: expected packages of ${suite}, got: ${said || `exit code ${code} of mmdebstrap`}`,
  );
}

/** Programs name `/lib64/ld-linux…`; the link to `usr/lib64` comes with base-files, which nothing asks for. */
async function mergeUsr(folder: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    const isMerged = findInRoot(folder, `/usr/${name}`)?.stats.isDirectory() === true;
    if (isMerged && findInRoot(folder, `/${name}`) === undefined) {
      await symlink(`usr/${name}`, join(folder, name));
    }
  }
}
