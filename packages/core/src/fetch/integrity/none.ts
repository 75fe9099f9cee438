import { z } from 'zod';
import { integrityKind } from './integrity-kind.ts';

/** Nothing is published and nothing is checked; whoever fetches warns with the reason. */
export const noIntegrity = integrityKind({
  kind: 'none',
  form: '{none}',
  schema: z
    .strictObject({ none: z.string().min(1) })
    .describe('Upstream publishes none and nothing is checked (say why).')
    .transform(({ none: reason }) => ({ kind: 'none' as const, reason })),
  expect: ({ reason }) => ({ kind: 'none', reason }),
});
