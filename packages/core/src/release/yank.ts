import { UserError } from '../diagnostics/user-error.ts';
import { bareVersion } from '../names/bare.ts';
import { tagOf } from '../names/tag.ts';
import type { Recipe } from '../recipe/schema.ts';
import type { Replaced } from '../store/store.ts';
import { publishedVersions } from './history/published-versions.ts';
import { readWithdrawals, type Withdrawals } from './history/withdrawn.ts';
import { updateGlobalMetadata } from './metadata/global-metadata.ts';
import { type MetadataContext, updateExtensionMetadata } from './metadata/metadata.ts';

export interface YankRequest {
  readonly name: string;
  /** With or without `v`. */
  readonly version: string;
  readonly recipe: Recipe | undefined;
}

export interface Yanked {
  /** As published. */
  readonly version: string;
  readonly extension: Replaced;
  readonly global: Replaced;
}

/**
 * Takes a published version out of the indexes, and has them remember that. First they do, then its release says so:
 * whatever run comes next finishes what a killed one left.
 */
export async function yank(request: YankRequest, why: string, context: MetadataContext): Promise<Yanked> {
  const versions = await publishedVersions(request.name, context);
  const version = spelled(request, versions);
  if (version === undefined) throw unknown(request, versions);
  return change(request, version, context, (withdrawals) => new Map([...withdrawals, [version, { why }]]));
}

/** Lists a withdrawn version again; one whose release is gone may be built again. */
export async function undoYank(request: YankRequest, context: MetadataContext): Promise<Yanked> {
  const { name } = request;
  const versions = [
    ...(await readWithdrawals(name, context.store)).keys(),
    ...(await publishedVersions(name, context)),
  ];
  const version = spelled(request, versions);
  if (version === undefined) throw unknown(request, versions);
  await context.store.mark(tagOf({ name, version }), undefined);
  return change(request, version, context, (withdrawals) => {
    const others = new Map(withdrawals);
    others.delete(version);
    return others;
  });
}

async function change(
  { name, recipe }: YankRequest,
  version: string,
  context: MetadataContext,
  how: (withdrawals: Withdrawals) => Withdrawals,
): Promise<Yanked> {
  const extension = await updateExtensionMetadata(name, recipe, context, how);
  return { version, extension, global: await updateGlobalMetadata(context) };
}

function spelled({ version }: YankRequest, versions: readonly string[]): string | undefined {
  return (
    versions.find((one) => one === version) ??
    versions.find((one) => bareVersion(one) === bareVersion(version))
  );
}

function unknown({ name, version }: YankRequest, versions: readonly string[]): UserError {
  const known = versions.length === 0 ? 'there is none' : versions.slice(0, 5).join(', ');
  return new UserError(
    'version.unknown',
    `${name}: expected a published version (${known}), got "${version}"`,
    {
      hint: `bakery list-bakery ${name} shows all of them`,
    },
  );
}
