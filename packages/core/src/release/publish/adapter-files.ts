import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { Recipe } from '../../recipe/schema.ts';
import { featureFile } from '../../sysupdate/feature.ts';
import type { TextFile } from '../../sysupdate/transfer.ts';
import { updexFolder, updexList, updexTransfer } from '../../sysupdate/updex.ts';
import { folderUrl, type Target } from './transfer-files.ts';

/** Programs of others that have files published for them when a bakery wants that. */
export const Adapter = z.enum(['updatectl', 'updex']);
export type Adapter = z.infer<typeof Adapter>;

type AdapterTarget = Pick<Target, 'store' | 'hub' | 'adapters'>;

/** What lies beside the index of an extension for them. */
export function adapterFilesOf(
  { name, summary, homepage }: Pick<Recipe, 'name'> & Partial<Pick<Recipe, 'summary' | 'homepage'>>,
  target: AdapterTarget,
  isSigned: boolean,
): readonly TextFile[] {
  requireServable(target);
  const { adapters = [] } = target;
  return adapters.map((adapter) =>
    adapter === 'updatectl'
      ? featureFile({
          name,
          description: summary ?? name,
          ...(homepage === undefined ? {} : { documentation: homepage }),
        })
      : updexTransfer(name, folderUrl(updexFolder, target), isSigned),
  );
}

/** What lies beside the index of everything. */
export function globalAdapterFiles(
  names: readonly string[],
  { adapters = [] }: Pick<Target, 'adapters'>,
): readonly TextFile[] {
  return adapters.includes('updex') ? [updexList(names)] : [];
}

/** UserError where nobody could answer what an adapter asks: without a hub a release has its own place, and no other. */
export function requireServable({ store, hub, adapters = [] }: AdapterTarget): void {
  if (!adapters.includes('updex') || hub !== undefined || store.imagesBesideIndex === 'all') return;
  throw new UserError(
    'input.invalid',
    `adapters: updex: expected a hub, which answers ${updexFolder}/NAME/, found none for ${store.name}`,
    {
      hint: `set hub: in bakery.yaml, or leave updex out: ${store.indexUrl(globalTag)} has one folder a release`,
    },
  );
}
