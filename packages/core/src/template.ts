import { z } from 'zod';
import { UserError } from './user-error.ts';

/** Text with `{placeholders}` from a closed set. There are no expressions; `{{` and `}}` stand for braces. */
export const Template = z.string().min(1);
export type Template = z.infer<typeof Template>;

export type Values = Readonly<Record<string, string>>;

const token = /\{\{|\}\}|\{([a-z][a-z0-9-]*)\}/g;

/** The placeholder names in `template`, each once, in order. */
export function placeholdersIn(template: Template): string[] {
  const names = [...template.matchAll(token)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
  return [...new Set(names)];
}

/** Fills in `values`; a placeholder without a value is a UserError that names what is known. */
export function render(template: Template, values: Values): string {
  return template.replaceAll(token, (whole, name: string | undefined) => {
    if (name === undefined) return whole.charAt(0);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(values).map((key) => `{${key}}`);
    throw new UserError(`"${template}": expected one of ${known.join(' ')}, got ${whole}`);
  });
}
