import { z } from 'zod';
import { Mode } from '../language/image-paths.ts';
import { Template, templated } from '../language/slots.ts';
import { conditionShape } from '../versions/condition.ts';
import { Regex } from '../versions/regex.ts';

const HostPath = z
  .string()
  .max(1024)
  .regex(/^(?!.*\/\.{0,2}(?:\/|$))\/[^\p{Cc}\\]+$/u, {
    error: 'expected an absolute path without "." or ".." parts',
  });

/** What a step may take when it does not say. */
export const defaultSeconds = 30;

const UnitState = z.enum(['active', 'loaded']);
export type UnitState = z.infer<typeof UnitState>;

const kinds = ['config', 'unit', 'port', 'run', 'file'] as const;

/** One step of what a recipe says must hold on a host that runs: exactly one of `kinds`. */
export const TestStep = z
  .strictObject({
    config: templated(HostPath).optional().describe('A file the test provides, with its content.'),
    content: templated(z.string())
      .optional()
      .describe('Content of the file under config; may contain placeholders.'),
    mode: Mode.optional().describe('Mode of the file under config. Default: "0644".'),
    unit: templated(z.string().regex(/^[\w@.:-]+\.(?:service|socket|timer|path|target|mount)$/))
      .optional()
      .describe('A unit to start, which must become active and stay so.'),
    state: UnitState.optional().describe(
      'loaded: the unit under unit is not started, systemd must have read it without a complaint. Default: active.',
    ),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('A TCP port on the host that must accept connections.'),
    run: Template.optional().describe('Program and arguments separated by spaces, run as root; no shell.'),
    prints: Template.optional().describe('Text its output must contain.'),
    matches: Regex.optional().describe('Regular expression its output must match.'),
    file: templated(HostPath).optional().describe('A file, socket or folder that must exist.'),
    within: z.int().min(1).max(300).optional().describe('Time limit in seconds. Default: 30.'),
    ...conditionShape,
  })
  .superRefine((step, context) => {
    const message = problem(step);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
export type TestStep = z.infer<typeof TestStep>;

type Given = Readonly<Record<string, unknown>>;

function problem(step: Given): string | undefined {
  const given = kinds.filter((kind) => step[kind] !== undefined);
  if (given.length !== 1) return 'expected exactly one of config, unit, port, run and file';
  const [kind] = given;
  if ((kind === 'config') !== (step['content'] !== undefined))
    return 'expected content with config, and only there';
  if (kind !== 'config' && step['mode'] !== undefined) return 'expected mode only with config';
  if (kind !== 'unit' && step['state'] !== undefined) return 'expected state only with unit';
  const wanted = [step['prints'], step['matches']].filter((one) => one !== undefined);
  if (kind === 'run') return wanted.length > 1 ? 'expected prints or matches, not both' : undefined;
  return wanted.length > 0 ? 'expected prints and matches only with run' : undefined;
}
