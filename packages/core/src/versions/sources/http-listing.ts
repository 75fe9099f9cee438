import { z } from 'zod';
import { templated } from '../../language/slots.ts';
import { placeholdersIn } from '../../language/template.ts';
import { JmesPath } from '../jmespath.ts';
import { VersionRange } from '../range.ts';
import { Regex } from '../regex.ts';

const Address = templated(z.string().min(1), 'source');

/** A list of names in a document on the web. */
export const HttpListing = z
  .strictObject({
    url: Address.describe('Address; may hold {arch} and, with branches, {branch}.'),
    regex: Regex.optional().describe('For HTML and text: every match counts; the capture group is the name.'),
    parse: z.enum(['json', 'yaml']).optional().describe('How to read the document before path.'),
    path: JmesPath.optional().describe('JMESPath to the names. YAML scalars are text.'),
    next: z
      .strictObject({
        query: z.string().min(1).describe('Query parameter that carries the cursor.'),
        path: JmesPath.describe('JMESPath to the cursor; the last page has none.'),
      })
      .optional()
      .describe('How to ask for the next page.'),
    branches: z
      .strictObject({ url: Address, regex: Regex, range: VersionRange.optional() })
      .optional()
      .describe('A first document whose matches fill in {branch}, one listing each.'),
  })
  .refine((listing) => (listing.regex === undefined) !== (listing.parse === undefined), {
    error: 'expected either regex (for text) or parse and path (for data)',
  })
  .refine((listing) => (listing.parse === undefined) === (listing.path === undefined), {
    error: 'expected parse and path together',
  })
  .refine((listing) => listing.next === undefined || listing.parse !== undefined, {
    error: 'expected next only beside parse and path',
  })
  .refine((listing) => placeholdersIn(listing.url).includes('branch') === (listing.branches !== undefined), {
    error: 'expected {branch} in url and branches together',
  });
export type HttpListing = z.infer<typeof HttpListing>;
