import { z } from 'zod';
import { templated } from '../language/slots.ts';

/** A program or folder of a root. */
export const Entry = templated(
  z
    .string()
    .regex(/^\/[^\p{Cc}]+$/u, { error: 'expected an absolute path, or FROM:TO' })
    .refine((text) => !text.split(/[/:]/).includes('..'), { error: 'expected a path without ".." parts' }),
);
