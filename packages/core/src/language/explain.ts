import { z } from 'zod';
import type { KeyIssue } from '../diagnostics/diagnostic.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { nearestName } from '../diagnostics/near-names.ts';

/** What schema errors say unless the schema says it better. For `safeParse(data, { error: expectation })`. */
export const expectation: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return issue.origin === 'number'
        ? `expected at least ${issue.minimum}`
        : `expected at least ${issue.minimum} ${units[issue.origin] ?? issue.origin}`;
    case 'too_big':
      return issue.origin === 'number'
        ? `expected at most ${issue.maximum}`
        : `expected at most ${issue.maximum} ${units[issue.origin] ?? issue.origin}`;
    case 'invalid_format':
      return `expected ${formatName(issue.format, issue.pattern)}`;
    case 'unrecognized_keys':
      return `known: ${knownKeys(issue.inst).join(', ')}`;
    case 'invalid_union':
      return issue['note'] === 'No matching discriminator'
        ? `expected one of ${discriminators(issue.inst).join(', ')}`
        : `expected ${alternatives(issue.inst).join(' or ')}`;
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return undefined;
    default:
      return undefined;
  }
};

/** The issues of a failed parse of `data`, each with the key it is about. */
export function explain(issues: readonly z.core.$ZodIssue[], data: unknown): KeyIssue[] {
  return issues.flatMap((issue) => explainOne(issue, [], data));
}

function explainOne(issue: z.core.$ZodIssue, outer: KeyPath, data: unknown): KeyIssue[] {
  const path = [...outer, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: 'recipe.unknown-key' as const,
      message: unknownKey(key, issue.message),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = likelyBranch(issue.errors, valueAt(data, path));
    if (branch !== undefined) return branch.flatMap((nested) => explainOne(nested, path, data));
  }
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? issue.message;
    return [{ path, message: `${reason}, got the key ${JSON.stringify(path.at(-1))}` }];
  }
  return [{ path, message: `${issue.message}, got ${show(valueAt(data, path), issue)}` }];
}

function unknownKey(key: string, known: string): string {
  const names = known.replace(/^known: /, '').split(', ');
  const meant = nearestName(key, names);
  return meant === undefined
    ? `expected one of ${names.join(', ')}, got this key`
    : `unknown key, did you mean ${meant}?`;
}

/**
 * Which alternative of a union the author had in mind: one that takes this type of value and at least one of
 * its keys, with the fewest complaints. None means the union as a whole must be explained.
 */
function likelyBranch(
  branches: readonly z.core.$ZodIssue[][],
  value: unknown,
): z.core.$ZodIssue[] | undefined {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const candidates = branches.filter((issues) => {
    if (issues.some((issue) => issue.path.length === 0 && wrongKind.has(issue.code))) return false;
    const unknown = issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
    );
    return Array.isArray(value) || (keys.length > 0 && unknown.length < keys.length);
  });
  return candidates.toSorted((a, b) => weight(a) - weight(b))[0];
}

function weight(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

const wrongKind: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value', 'invalid_format', 'custom']);

function valueAt(data: unknown, path: KeyPath): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}

function show(value: unknown, issue: z.core.$ZodIssue): string {
  if (value === undefined) return 'nothing';
  const quoted = JSON.stringify(value) ?? typeof value;
  const short = quoted.length > 80 ? `${quoted.slice(0, 77)}…` : quoted;
  const unquoted = typeof value === 'number' || typeof value === 'boolean';
  return unquoted && /expected.*text/.test(issue.message) ? `${short} (put it in quotes)` : short;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};
const units: Readonly<Record<string, string>> = { string: 'characters', array: 'items', object: 'keys' };

function formatName(format: string, pattern: string | undefined): string {
  if (format === 'url') return 'an address (https://…)';
  return pattern === undefined ? `text in the form ${format}` : `text like ${pattern}`;
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function discriminators(schema: unknown): string[] {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return [];
  const key: string = schema.def.discriminator;
  return schema.options.flatMap((option) =>
    option instanceof z.ZodObject && option.shape[key] instanceof z.ZodLiteral
      ? [...option.shape[key].values].map(String)
      : [],
  );
}

function alternatives(schema: unknown): string[] {
  if (!(schema instanceof z.ZodUnion)) return ['another kind of value'];
  return schema.options.flatMap((option) => {
    if (option instanceof z.ZodUnion) return alternatives(option);
    if (option instanceof z.ZodObject) return [`{${Object.keys(option.shape).join(', ')}}`];
    return option instanceof z.ZodString ? ['text'] : option instanceof z.ZodArray ? ['a list'] : [];
  });
}
