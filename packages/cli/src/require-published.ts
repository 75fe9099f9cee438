import { UserError } from '@bakery/core/diagnostics.ts';
import type { Store } from '@bakery/core/store.ts';

/** UserError for a store with nothing in it: most likely another one is meant. */
export async function requirePublished(store: Store): Promise<void> {
  if ((await store.publishedTags()).size > 0) return;
  throw new UserError('store.missing', `${store.name}: expected a store with releases in it, found none`, {
    hint: '--store github:OWNER/REPO, or store: in bakery.yaml, says where they are',
  });
}
