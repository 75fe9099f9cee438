import { z } from 'zod';
import { integrityKind } from './integrity-kind.ts';

/** What has no checksum is proved by the signature beside it alone. */
export const signatureIntegrity = integrityKind({
  kind: 'signature',
  form: 'signature',
  schema: z
    .literal('signature')
    .describe('The signature beside it, where there is no checksum.')
    .transform(() => ({ kind: 'signature' as const })),
  expect: () => ({ kind: 'signature' }),
});
