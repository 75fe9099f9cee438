import { z } from 'zod';

/** Which series of its versions an extension offers. */
export const Streams = z
  .union([z.enum(['major', 'minor']), z.array(z.enum(['major', 'minor'])).min(1)], {
    error: 'expected major, minor or a list of them',
  })
  .transform((kinds) => (typeof kinds === 'string' ? [kinds] : kinds));
