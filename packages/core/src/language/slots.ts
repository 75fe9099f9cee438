import { z } from 'zod';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { render, type Values, withAll } from './template.ts';

/**
 * Which placeholders a text may hold: those of an `entry` of a recipe; of a `proof`, which also knows the address
 * it proves; of a version `source`.
 */
export type Scope = 'entry' | 'proof' | 'source';

interface Slot {
  readonly scope: Scope;
  /** What is wrong with the text once its placeholders are filled in. */
  readonly problem: (filled: string) => string | undefined;
  readonly fill: (template: string, values: Values) => string;
}

/** A text that may hold placeholders, and where it stands. */
export interface FoundSlot {
  readonly path: KeyPath;
  readonly text: string;
  readonly scope: Scope;
}

const slots = z.registry<Slot>();

/** Text a program’s arguments can carry. */
export const PlainText = z
  .string()
  .refine((text) => !text.includes('\0'), { error: 'expected text without NUL' })
  .refine((text) => text.isWellFormed(), { error: 'expected Unicode text, got half of a surrogate pair' });

/**
 * A text that may hold placeholders and must be right whatever they become. Here each counts as `0`, which is a
 * name, a version and part of a path; what it really became is held against `becomes` once more.
 */
export function templated(becomes: z.ZodType<string>, scope: Scope = 'entry'): z.ZodType<string, string> {
  const text = z.string().superRefine((template, context) => {
    const message = problemOf(becomes, withAll(template, '0'));
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  slots.add(text, { scope, fill: render, problem: (filled) => problemOf(becomes, filled) });
  return text;
}

/** A text that must be right as it is written, too. `fill` takes more care than a plain text needs. */
export function templatedAsWritten(
  becomes: z.ZodType<string, string>,
  scope: Scope,
  fill: Slot['fill'],
): z.ZodType<string, string> {
  const text = becomes.clone();
  slots.add(text, { scope, fill, problem: (filled) => problemOf(becomes, filled) });
  return text;
}

function problemOf(schema: z.ZodType<string>, text: string): string | undefined {
  return schema.safeParse(text).error?.issues[0]?.message;
}

/** Every text in `data`, which fits `schema`, that may hold placeholders; keys of mappings among them. */
export function slotsIn(schema: z.core.$ZodType, data: unknown): FoundSlot[] {
  const found: FoundSlot[] = [];
  walk(schema, data, [], (text, { scope }, path) => {
    found.push({ path, text, scope });
    return text;
  });
  return found;
}

/** `data`, which fits `schema`, with every placeholder filled in. UserError when a text does not fit any more. */
export function fillIn<S extends z.ZodType>(schema: S, data: unknown, values: Values): z.output<S> {
  const filled = walk(schema, data, [], (template, slot) => {
    const text = slot.fill(template, values);
    const problem = slot.problem(text);
    if (problem === undefined) return text;
    throw new UserError('recipe.invalid', `"${template}": ${problem}, got ${JSON.stringify(text)}`);
  });
  return schema.parse(filled);
}

/**
 * Text with `{placeholders}` from a closed set. There are no expressions. `{{name}}` stands for the text `{name}`;
 * braces around anything else mean nothing, so JSON and `${VARIABLE}` need no care.
 */
export const Template = templated(PlainText.min(1));

type Visit = (text: string, slot: Slot, path: KeyPath) => string;

/** Goes through data and schema together, where the data is as an author wrote it: before defaults and transforms. */
function walk(schema: z.core.$ZodType, data: unknown, path: KeyPath, visit: Visit): unknown {
  const slot = slots.get(schema);
  if (slot !== undefined && typeof data === 'string') return visit(data, slot, path);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return walk(schema.def.innerType, data, path, visit);
  }
  if (schema instanceof z.ZodPipe) return walk(schema.def.in, data, path, visit);
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.def.options.find((option) => z.safeParse(option, data).success);
    return fitting === undefined ? data : walk(fitting, data, path, visit);
  }
  if (Array.isArray(data)) {
    if (!(schema instanceof z.ZodArray)) return data;
    return data.map((item, index) => walk(schema.def.element, item, [...path, index], visit));
  }
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.def.shape;
    return Object.fromEntries(
      entries.map(([key, value]) => {
        const inner = Object.hasOwn(shape, key) ? shape[key] : undefined;
        return [key, inner === undefined ? value : walk(inner, value, [...path, key], visit)];
      }),
    );
  }
  if (!(schema instanceof z.ZodRecord)) return data;
  const { keyType, valueType } = schema.def;
  return Object.fromEntries(
    entries.map(([key, value]) => [
      walk(keyType, key, [...path, key], visit),
      walk(valueType, value, [...path, key], visit),
    ]),
  );
}
