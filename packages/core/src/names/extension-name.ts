import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';

/** An extension’s name: part of tags, file names and host paths. */
export const ExtensionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'expected lower-case letters, digits and "-", at most 63' })
  .refine((name) => !/-v?\d+(\.\d+)*$/.test(name), {
    error: 'expected a name that does not end like a version',
  });

export function requireExtensionName(name: string): void {
  const { error } = ExtensionName.safeParse(name);
  if (error !== undefined) {
    throw new UserError(
      'name.invalid',
      `extension name "${name}": ${error.issues.map(({ message }) => message).join(', ')}`,
    );
  }
}
