import { z } from 'zod';
import { Template } from '../../template.ts';
import { Regex } from '../regex.ts';

/** A list of names in a document on the web. */
export const HttpListing = z
  .strictObject({
    url: Template.describe('Address; may hold {arch} and, with branches, {branch}.'),
    regex: Regex.optional().describe('For HTML and text: every match counts; the capture group is the name.'),
    parse: z.enum(['json', 'yaml']).optional().describe('How to read the document before path.'),
    path: z.string().optional().describe('JMESPath to the names. YAML scalars are text.'),
    next: z
      .strictObject({
        query: z.string().describe('Query parameter that carries the cursor.'),
        path: z.string().describe('JMESPath to the cursor; the last page has none.'),
      })
      .optional()
      .describe('How to ask for the next page.'),
    branches: z
      .strictObject({ url: Template, regex: Regex, range: z.string().optional() })
      .optional()
      .describe('A first document whose matches fill in {branch}, one listing each.'),
  })
  .refine((listing) => (listing.regex === undefined) !== (listing.parse === undefined), {
    error: 'expected either regex (for text) or parse and path (for data)',
  });
export type HttpListing = z.infer<typeof HttpListing>;
