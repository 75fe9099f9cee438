import { z } from 'zod';
import { Template } from '../language/slots.ts';

/** What decides beside `ID=` whether a host takes an image: systemd compares one of them, never both. */
const matches = ['level', 'version', 'rolling'] as const;

const flatcarLevel = '1.0'; // SYSEXT_LEVEL= of its os-release

/**
 * The only OS an image fits, in the words of os-release(5). A host that has a `SYSEXT_LEVEL=` compares that with `level`
 * where the image has one, else its `VERSION_ID=` with `version`; one that has neither takes an image without both.
 */
export const Os = z
  .strictObject({
    id: Template.describe('ID= of the hosts, or _any.'),
    level: Template.optional().describe('SYSEXT_LEVEL= of the hosts. Default for flatcar: 1.0.'),
    version: Template.optional().describe('VERSION_ID= of the hosts.'),
    rolling: z.literal(true).optional().describe('The hosts set neither, like rolling distributions.'),
  })
  .superRefine((os, context) => {
    const given = matches.filter((key) => os[key] !== undefined);
    const message = problemOf(os.id, given);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .transform((os) => (os.id === 'flatcar' && os.version === undefined ? { level: flatcarLevel, ...os } : os));
export type Os = z.infer<typeof Os>;

export const anyOs: Os = { id: '_any' };

function problemOf(id: string, given: readonly string[]): string | undefined {
  if (id === '_any') return given.length === 0 ? undefined : 'expected nothing beside _any';
  if (given.length === 1 || (given.length === 0 && id === 'flatcar')) return undefined;
  return `expected one of version, level and rolling: true beside ${id}, as hosts compare more than ID=`;
}

/** Reads `ID`, `ID:VERSION` or `ID:rolling`. */
export const OsArgument = z
  .string()
  .transform((text): z.input<typeof Os> => {
    const [, id = text, version] = /^([^:]*):(.*)$/.exec(text) ?? [];
    if (version === undefined) return { id };
    return version === 'rolling' ? { id, rolling: true } : { id, version };
  })
  .pipe(Os);
