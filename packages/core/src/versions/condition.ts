import { z } from 'zod';
import { Arch } from '../names/arch.ts';
import { inRange, VersionRange } from './range.ts';

const wanted = z.union([z.string(), z.array(z.string()).min(1), z.strictObject({ not: z.string() })], {
  error: 'expected a value in text, a list of them or {not: value}',
});

const ownShape = {
  when: VersionRange.optional().describe('Versions for which this entry counts.'),
  arches: z.array(Arch).min(1).optional().describe('Architectures for which this entry counts.'),
  if: z
    .record(z.string(), wanted)
    .optional()
    .describe(
      'Option values for which this entry counts: a value, a list of values, or {not: value}. "" is unset.',
    ),
};

export const PartName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, { error: 'expected lower-case words joined by "-"' });

/** A part of a product: what its entries have in common. */
export const Part = z.strictObject(ownShape);

/** When an entry counts. Every condition given must hold; none given means always. */
export const conditionShape = {
  ...ownShape,
  part: PartName.optional().describe('Name of an entry of parts whose conditions hold here as well.'),
};
/** Loading a recipe puts the conditions of a part in the place of its name. */
export const Condition = z.strictObject(conditionShape);
export type Condition = z.infer<typeof Condition>;

/** What conditions are held against. */
export interface Facts {
  readonly version: string;
  readonly arch: Arch;
  readonly options: Readonly<Record<string, string>>;
}

/** Whether an entry counts. An option that is not among the facts is unset: "". */
export function holds(condition: Condition, facts: Facts): boolean {
  if (condition.when !== undefined && !inRange(facts.version, condition.when)) return false;
  if (condition.arches !== undefined && !condition.arches.includes(facts.arch)) return false;
  return Object.entries(condition.if ?? {}).every(([option, want]) => {
    const value = Object.hasOwn(facts.options, option) ? facts.options[option] : '';
    if (typeof want === 'string') return value === want;
    return Array.isArray(want) ? want.some((one) => one === value) : value !== want.not;
  });
}
