import { z } from 'zod';
import { Template } from '../template.ts';
import { RecipePath } from './paths.ts';

const signs = z
  .enum(['artifact', 'sums'])
  .default('artifact')
  .describe('What it signs: the artifact itself, or the file of sums its integrity names.');

/** A proof of origin beside the integrity of an artifact. */
export const Signature = z.union(
  [
    z
      .strictObject({
        openpgp: Template.describe('Address of the detached signature.'),
        keys: RecipePath.describe('Keyring file in the recipe’s folder.'),
        signs,
      })
      .describe('A detached OpenPGP signature.'),
    z
      .strictObject({ 'clear-signed': z.literal('sums'), keys: RecipePath })
      .describe('The file of sums carries its OpenPGP signature in itself.'),
    z
      .strictObject({
        cosign: Template.describe('Address of the bundle or signature.'),
        key: RecipePath.describe('Public key file in the recipe’s folder.'),
        signs,
      })
      .describe('A cosign signature by a key.'),
    z
      .strictObject({
        cosign: Template.describe('Address of the bundle.'),
        identity: Template.describe('Identity in the certificate, e.g. the address of a workflow.'),
        issuer: z.url({ protocol: /^https$/ }),
        signs,
      })
      .describe('A keyless cosign signature.'),
    z
      .strictObject({
        attestation: z.string().regex(/^[\w.-]+\/[\w.-]+$/, { error: 'expected OWNER/NAME' }),
        workflow: z.string().optional().describe('The only workflow file that may have signed it.'),
      })
      .describe('A GitHub artifact attestation of that repository.'),
  ],
  { error: 'expected {openpgp, keys}, {clear-signed, keys}, {cosign, …} or {attestation}' },
);
export type Signature = z.infer<typeof Signature>;
