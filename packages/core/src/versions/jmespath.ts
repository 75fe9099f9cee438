import { compile, search } from '@jmespath-community/jmespath';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';

// What JSON.parse and the YAML parser return; checked again because only a schema narrows `unknown`.
const Json = z.json();

/** A JMESPath expression (jmespath.site, the community edition). */
export const JmesPath = z.string().refine(compiles, { error: 'expected a JMESPath expression' });
export type JmesPath = z.infer<typeof JmesPath>;

/** What `expression` finds in `document`; what `subject` holds may not fit the expression: a UserError. */
export function queryDocument(document: unknown, expression: JmesPath, subject: string): unknown {
  try {
    return search(Json.parse(document), expression);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      'version.listing',
      `${subject}: expected a document that fits the path ${expression}: ${reason}`,
      {
        cause,
      },
    );
  }
}

function compiles(expression: string): boolean {
  try {
    compile(expression);
    return true;
  } catch {
    return false;
  }
}
