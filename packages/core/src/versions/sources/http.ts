import { z } from 'zod';
import { HttpListing } from './http-listing.ts';
import { commonShape } from './listing.ts';

export const HttpSource = HttpListing.safeExtend({ from: z.literal('http'), ...commonShape });
export type HttpSource = z.infer<typeof HttpSource>;
