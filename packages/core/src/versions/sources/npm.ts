import { z } from 'zod';
import { Template } from '../../template.ts';
import { commonShape } from './listing.ts';

/** Versions of an npm package, one package per arch where the name holds `{arch}`. */
export const NpmSource = z.strictObject({
  from: z.literal('npm'),
  package: Template.describe('Package name; {arch} makes it one package per architecture.'),
  ...commonShape,
});
export type NpmSource = z.infer<typeof NpmSource>;
