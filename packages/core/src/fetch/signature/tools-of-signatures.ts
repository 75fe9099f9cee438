import { type Program, toolsFor } from '../../tools/table.ts';
import type { Signature } from './signature.ts';

/** What must be installed to prove signatures. */
export function toolsOfSignatures(
  downloads: readonly { readonly signature?: Signature | undefined }[],
): Program[] {
  const some = downloads.some(({ signature }) => signature !== undefined && 'keys' in signature);
  return some ? toolsFor('signatures') : [];
}
