import { z } from 'zod';
import { Template } from '../../language/template.ts';
import { Arch } from '../../names/arch.ts';

/** `sha256:HEX`, `sha512:HEX` or a Subresource Integrity string as npm prints it. */
export const LiteralHash = z
  .string()
  .regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|sha(256|384|512)-[A-Za-z0-9+/]+=*)$/, {
    error: 'expected sha256:HEX, sha512:HEX or a Subresource Integrity string',
    abort: true, // so that the union below says all that is allowed
  });

/** How the bytes of an artifact are proved. Never optional by silence. */
export const Integrity = z.union(
  [
    z.literal('npm').describe('The integrity the npm registry states.'),
    z.literal('github').describe('The digest GitHub computed for the release asset.'),
    z.literal('signature').describe('The signature beside it, for what has no checksum.'),
    LiteralHash.describe('A hash written down here.'),
    z.strictObject({ literal: z.partialRecord(Arch, LiteralHash) }).describe('A hash per architecture.'),
    z.strictObject({ from: Template }).describe('A sidecar file: a bare hash, or one "HASH  NAME" line.'),
    z
      .strictObject({ sums: Template, name: Template.optional() })
      .describe('A file of many sums; name is the entry’s name when it is not the artifact’s.'),
    z
      .strictObject({ lock: z.string().min(1) })
      .describe('Nothing is published (say why): the hash of the first download is kept beside the recipe.'),
    z
      .strictObject({ none: z.string().min(1) })
      .describe('Nothing is published and nothing is checked: say why.'),
  ],
  { error: 'expected {from}, {sums}, npm, github, signature, sha256:HEX, {literal}, {lock} or {none}' },
);
export type Integrity = z.infer<typeof Integrity>;

/** Address of the file that holds the hash, when there is one. */
export function sumsOf(integrity: Integrity): string | undefined {
  if (typeof integrity !== 'object') return undefined;
  if ('sums' in integrity) return integrity.sums;
  return 'from' in integrity ? integrity.from : undefined;
}
