import type { z } from 'zod';
import { fillIn, Template } from './template.ts';

/**
 * A template that must be right whatever its placeholders become. Here each counts as `0`, which is a name, a
 * version and part of a path; what it really became is to be parsed once more.
 */
export function templated(schema: z.ZodType<string>): z.ZodType<string, string> {
  return Template.superRefine((text, context) => {
    const issue = schema.safeParse(fillIn(text, '0')).error?.issues[0];
    if (issue !== undefined) context.addIssue({ code: 'custom', message: issue.message });
  });
}
