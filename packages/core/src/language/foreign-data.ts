import { parse } from 'yaml';
import { jsonNesting, yamlNesting } from './nesting.ts';

const most = 200; // levels; what reads such data recurses, and no document that somebody means has twenty

/** `JSON.parse` for a stranger’s text; what nests so deep that its reader may run out of stack is a SyntaxError too. */
export function parseJson(text: string): unknown {
  requireShallow(jsonNesting(text));
  return JSON.parse(text);
}

/** The same; `undefined` for what is no JSON. */
export function jsonOrNothing(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** YAML with every scalar as it stands: any schema but failsafe makes 1.30 the number 1.3. */
export function parseYaml(text: string): unknown {
  requireShallow(yamlNesting(text));
  return parse(text, { schema: 'failsafe', logLevel: 'error' });
}

function requireShallow(levels: number): void {
  if (levels > most) throw new SyntaxError(`${levels} levels of nesting, more than ${most}`);
}
