import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { templated } from '../../language/slots.ts';
import { NpmName } from '../../names/npm-name.ts';
import { isPrerelease } from '../prerelease.ts';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { requireFew } from './name-limits.ts';
import { listPerArch } from './per-arch.ts';
import { sourceKind } from './source-kind.ts';

/** Versions of an npm package, one package per arch where the name holds `{arch}`. */
const NpmSource = z.strictObject({
  from: z.literal('npm'),
  package: templated(NpmName, 'source').describe(
    'Package name; {arch} makes it one package per architecture.',
  ),
  ...commonShape,
});
type NpmSource = z.infer<typeof NpmSource>;

export const npmSource = sourceKind({
  from: 'npm',
  schema: NpmSource,
  list: listNpm,
  words: (source) => `versions of the npm package \`${source.package}\``,
});

function listNpm(source: NpmSource, context: ListContext): Promise<Listed[]> {
  return listPerArch(source.package, context, (name) => listPackage(name, context));
}

// npm prints a lone version as text, many as a list, and an object once a second field has a value.
const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const Printed = z.union([
  texts.transform((versions) => ({ versions, deprecated: undefined })),
  z.object({ versions: texts, deprecated: z.string().optional() }),
]);
const Failure = z.object({ error: z.object({ code: z.string(), summary: z.string() }) });

async function listPackage(name: string, { ports, npmRegistry }: ListContext): Promise<Listed[]> {
  const wrong = NpmName.safeParse(name).error?.issues[0]?.message; // placeholders may have made it one
  if (wrong !== undefined)
    throw new UserError('version.listing', `npm: ${wrong}, got ${JSON.stringify(name)}`);
  const finished = await ports.exec.run('npm', viewArguments(name, npmRegistry));
  if (finished.code !== 0) throw explainFailure(name, finished.stdout, finished.stderr);
  const printed = Printed.safeParse(jsonOrNothing(finished.stdout));
  if (!printed.success) {
    const got = finished.stdout.trim().slice(0, 80);
    throw new UserError(
      'version.listing',
      `npm package ${name}: expected npm view to print versions, got ${JSON.stringify(got)}`,
    );
  }
  const { versions, deprecated } = printed.data;
  // npm view tells this for the version of the dist-tag "latest" only; single versions stay installable.
  if (deprecated !== undefined) ports.report.warn(`npm package ${name} is deprecated: ${deprecated}`);
  requireFew(versions.length, 'versions', `npm package ${name}`);
  return versions.map((text) => ({ text, prerelease: isPrerelease(text) }));
}

function viewArguments(name: string, registry: string | undefined): string[] {
  const chosen = registry === undefined ? [] : [`--registry=${registry}`];
  // Without the option npm also asks whether there is a newer npm.
  return ['view', '--json', '--no-update-notifier', ...chosen, '--', name, 'versions', 'deprecated'];
}

function explainFailure(name: string, stdout: string, stderr: string): UserError {
  const failure = Failure.safeParse(jsonOrNothing(stdout));
  if (!failure.success) {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    return new UserError('version.listing', `npm package ${name}: npm view failed: ${said}`);
  }
  const { code, summary } = failure.data.error;
  if (code !== 'E404')
    return new UserError('version.listing', `npm package ${name}: npm view failed: ${code} ${summary}`);
  const gone = summary.startsWith('Unpublished');
  return new UserError(
    'version.listing',
    `npm package ${name}: expected a published package, got ${gone ? summary.toLowerCase() : 'none of that name'}`,
    { hint: 'private packages need a login: npm login, or a token in ~/.npmrc' },
  );
}
