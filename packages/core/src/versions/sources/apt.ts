import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { allArches, type Arch, archNames } from '../../names/arch.ts';
import { DebianSuite } from '../../names/package-name.ts';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { sourceKind } from './source-kind.ts';

/**
 * The one version of a Debian package that apt would install from a suite, asked of apt itself with its own
 * mirrors and keys; `1.4.0-5` unless `match` cuts it.
 */
const AptSource = z.strictObject({
  from: z.literal('apt'),
  package: z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, { error: 'expected the name of a Debian package' }),
  suite: DebianSuite,
  ...commonShape,
});
type AptSource = z.infer<typeof AptSource>;

export const aptSource = sourceKind({
  from: 'apt',
  schema: AptSource,
  list: listApt,
  words: ({ suite, package: name }) => `what Debian ${suite} has of the package \`${name}\``,
});

async function listApt(source: AptSource, context: ListContext): Promise<Listed[]> {
  await context.requireTools?.(['mmdebstrap', 'setpriv']);
  const arches = allArches.filter((arch) => context.archTokens[arch] !== undefined);
  const found = await Promise.all(
    arches.map(async (arch) => ({ arch, version: await candidate(source, arch, context) })),
  );
  const byVersion = Map.groupBy(found, ({ version }) => version);
  return [...byVersion].flatMap(([text, seen]) =>
    text === undefined ? [] : [{ text, prerelease: false, arches: new Set(seen.map(({ arch }) => arch)) }],
  );
}

/** Nothing is downloaded but the list of packages. */
export function simulateArgs({ package: name, suite }: AptSource, arch: Arch): string[] {
  return [
    '--simulate',
    '--verbose',
    '--variant=extract',
    `--architectures=${archNames(arch).debian}`,
    `--include=${name}`,
    '--',
    suite,
    '/dev/null',
  ];
}

async function candidate(source: AptSource, arch: Arch, { ports }: ListContext): Promise<string | undefined> {
  const { package: name, suite } = source;
  const { code, stdout, stderr } = await ports.exec.run('mmdebstrap', simulateArgs(source, arch), {
    env: { LC_ALL: 'C' },
    isApart: true,
  });
  const printed = stdout + stderr;
  const found = printed.split('\n').find((line) => line.startsWith(`Inst ${name} (`));
  if (found !== undefined) return found.slice(`Inst ${name} (`.length).split(' ')[0];
  if (printed.includes(`Unable to locate package ${name}`)) return undefined;
  const said = /^E: .+$/m.exec(printed)?.[0] ?? `exit code ${code}`;
  throw new UserError(
    'version.listing',
    `package ${name} of ${suite}: mmdebstrap could not tell its version: ${said}`,
  );
}
