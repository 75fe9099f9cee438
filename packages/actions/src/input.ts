import * as core from '@actions/core';
import { z } from 'zod';
import { UserError } from '@bakery/core/diagnostics.ts';

/** An input’s text; `undefined` when it is empty or left out. */
export function textInput(name: string): string | undefined {
  const text = core.getInput(name);
  return text === '' ? undefined : text;
}

export function requiredInput(name: string): string {
  const text = textInput(name);
  if (text === undefined) throw new UserError('input.invalid', `input ${name}: expected a value, got none`);
  return text;
}

export function flagInput(name: string): boolean {
  const text = core.getInput(name);
  if (text === 'true') return true;
  if (text === 'false' || text === '') return false;
  throw new UserError('input.invalid', `input ${name}: expected true or false, got ${JSON.stringify(text)}`);
}

export function choiceInput<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
  const text = textInput(name) ?? otherwise;
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new UserError(
    'input.invalid',
    `input ${name}: expected one of ${choices.join(', ')}, got ${JSON.stringify(text)}`,
  );
}

export function numberInput(name: string, least: number, most: number): number | undefined {
  const text = textInput(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UserError(
    'input.invalid',
    `input ${name}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`,
  );
}

/** Words between spaces, commas and line ends. */
export function wordsInput(name: string): string[] {
  return core
    .getInput(name)
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

/** Lines of `KEY=VALUE`. */
export function pairsInput(name: string): Record<string, string> {
  const lines = core
    .getInput(name)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, key, value] = /^([^=\s]+)=(.*)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) {
        throw new UserError(
          'input.invalid',
          `input ${name}: expected lines of KEY=VALUE, got ${JSON.stringify(line)}`,
        );
      }
      return [key, value];
    }),
  );
}

/** JSON of that form; `undefined` when it is empty or left out. */
export function jsonInput<T>(name: string, schema: z.ZodType<T>): T | undefined {
  const text = textInput(name);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw new UserError(
    'input.invalid',
    `input ${name}: expected JSON as check-releases puts it out, got ${JSON.stringify(text)}`,
  );
}

/** `all`, words, or what check-releases puts out: a JSON array of names. */
export function extensionsInput(name: string): 'all' | readonly string[] {
  const text = core.getInput(name);
  if (text === 'all') return 'all';
  if (!text.startsWith('[')) return wordsInput(name);
  const names = z.array(z.string()).safeParse(readJson(text));
  if (names.success) return names.data;
  throw new UserError(
    'input.invalid',
    `input ${name}: expected all, names or a JSON array of names, got ${JSON.stringify(text)}`,
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
