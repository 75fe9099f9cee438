import { UserError } from '../diagnostics/user-error.ts';

export type Values = Readonly<Record<string, string>>;

const token = /\{(\{[a-z][a-z0-9-]*\})\}|\{([a-z][a-z0-9-]*)\}/g;

/** The placeholder names in `template`, each once, in order. */
export function placeholdersIn(template: string): string[] {
  const names = [...template.matchAll(token)].flatMap((match) => (match[2] === undefined ? [] : [match[2]]));
  return [...new Set(names)];
}

/** Puts the same `value` in the place of every placeholder. */
export function withAll(template: string, value: string): string {
  return template.replaceAll(token, (_whole, literal: string | undefined) => literal ?? value);
}

/** Fills in `values`; a placeholder without a value is a UserError that names what is known. */
export function render(template: string, values: Values): string {
  return template.replaceAll(token, (whole, literal: string | undefined, name: string | undefined) => {
    if (literal !== undefined) return literal;
    const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(values).map((key) => `{${key}}`);
    throw new UserError('recipe.placeholder', `expected one of ${known.join(' ')}, got ${whole}`);
  });
}
