import { z } from 'zod';
import { HttpListing } from './sources/http-listing.ts';

const count = z.int().min(1).max(50);

/** Which of the versions found are "latest". */
export const Latest = z.union([
  z.strictObject({ newest: count }).describe('The newest N versions.'),
  z.strictObject({ majors: count }).describe('The newest version of each of the N highest majors.'),
  z.strictObject({ minors: count }).describe('The newest version of each of the N highest minors.'),
  z
    .strictObject({ 'minors-of': HttpListing })
    .describe('The newest version of each minor in a support list kept elsewhere.'),
  z
    .strictObject({
      follow: z.string().describe('Name of another recipe.'),
      infix: z.string().describe('Text between that recipe’s version and the build number, e.g. "+k3s".'),
    })
    .describe(
      'For each latest version of another recipe the newest version that starts with it and the infix; ' +
        'where there is none, the newest of the same minor.',
    ),
]);
export type Latest = z.infer<typeof Latest>;
