import { relative } from 'node:path';
import { z } from 'zod';
import { parseDocumentAs, type Parsed } from '../language/parse-document.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import { ExtensionName } from '../names/extension-name.ts';
import { ExtensionSettings, Settings } from '../recipe/settings.ts';
import { Adapter } from '../release/publish/adapter-files.ts';

const maxBytes = 1024 * 1024; // how much of it is YAML is judged by the parser

const path = z.string().min(1);
const prefix = z
  .string()
  .regex(/^(https?:\/\/|npm:)/, { error: 'expected the start of an address, like "https://github.com/"' });

const SignMode = z.enum(['required', 'auto', 'off']);

const Sign = z
  .union([
    SignMode,
    z
      .strictObject({
        when: SignMode.default('auto'),
        command: z.array(z.string().min(1)).min(1).optional(),
        ring: path.optional(),
        'keys-extension': z.enum(['auto', 'off']).default('auto'),
        'best-before': z
          .int()
          .min(14)
          .max(365)
          .optional()
          .describe(
            'Days after which hosts with systemd 260 and newer refuse an index that no run has renewed. Needs a run every week.',
          ),
      })
      .refine((sign) => sign.when !== 'off' || sign['best-before'] === undefined, {
        path: ['best-before'],
        error: 'expected a signed feed, as hosts ignore the date in an unsigned one',
      }),
  ])
  .transform((sign) => (typeof sign === 'string' ? { when: sign, 'keys-extension': 'auto' as const } : sign))
  .describe(
    'When manifests are signed: auto (as soon as there is a key), required, off; or {when, command, ring, ' +
      'keys-extension, best-before}: program and arguments that read a manifest and print its armored signature, file ' +
      'of the public keys, whether those are published as the extension bakery-keys, days for which hosts believe an ' +
      'index.',
  );

const Issues = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        after: z.int().min(1).max(60).default(3).describe('How many nights in a row it must fail.'),
        label: z
          .string()
          .regex(/^[^,\p{Cc}]{1,50}$/u, { error: 'expected a label, without commas' })
          .default('bakery'),
      }),
    ],
    { error: 'expected false, or {after, label}' },
  )
  .describe('When a run opens an issue for a failing extension: {after, label}, or false for never.');
export type Issues = z.infer<typeof Issues>;

/** `bakery.yaml`: what a bakery wants to be the same on every run. Paths are relative to the file. */
export const Config = z.strictObject({
  hub: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address prefix hosts fetch from; written into sysupdate files.'),
  store: z
    .string()
    .regex(/^(dir:.+|github:[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+)$/, {
      error: 'expected dir:PATH or github:OWNER/REPO',
    })
    .optional()
    .describe('Where releases live.'),
  recipes: z.array(path).min(1).optional().describe('Folders that are recipes or contain some.'),
  mirrors: z
    .record(prefix, z.url({ protocol: /^https?$/ }))
    .default({})
    .describe('Address prefix → its replacement; the longest match wins.'),
  images: z
    .record(path, path)
    .optional()
    .describe(
      'Container image → image to use instead; a prefix that ends in "/" stands for a whole registry.',
    ),
  list: path.optional().describe('The release list.'),
  settings: Settings.optional().describe('Settings for all extensions.'),
  extensions: z
    .record(ExtensionName, ExtensionSettings)
    .optional()
    .describe('Extension name → settings for it alone.'),
  sign: Sign.optional(),
  attest: z
    .enum(['required', 'auto', 'off'])
    .default('auto')
    .describe('When GitHub attests who published a version: auto (where it can), required, off.'),
  verity: z
    .enum(['sidecar', 'off'])
    .default('off')
    .describe(
      'Whether files for dm-verity lie beside images: sidecar (hash tree, its root and a signature; wants a key), off.',
    ),
  test: z
    .enum(['here', 'off'])
    .optional()
    .describe(
      'Where images are tested before they are handed on or published: here (on the machine that built them), off.',
    ),
  rebuild: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('Whether a run rebuilds what it published on other machines and compares: auto, off.'),
  site: z
    .enum(['required', 'auto', 'off'])
    .default('auto')
    .describe(
      'When the site is deployed to GitHub Pages: auto (where they are on, published by Actions), required, off.',
    ),
  adapters: z
    .array(Adapter)
    .refine((all) => new Set(all).size === all.length, { error: 'expected each once' })
    .default([])
    .describe(
      'Other tools to publish files for: updatectl (NAME.feature), updex (its own catalogue; needs a hub).',
    ),
  issues: Issues.default({ after: 3, label: 'bakery' }),
});
export type Config = z.infer<typeof Config>;

/** Whether the public keys are an extension as soon as the feed is signed. Whoever publishes it attests nothing. */
export function publishesKeys({ sign, attest }: Pick<Config, 'sign' | 'attest'>): boolean {
  return sign?.when !== 'off' && sign?.['keys-extension'] !== 'off' && attest !== 'required';
}

/** Reads the text of a bakery.yaml; one UserError with a line for each problem. An empty file is fine. */
export function parseConfig(text: string, file: string): Config {
  return parseConfigDocument(text, file).value;
}

function parseConfigDocument(text: string, file: string): Parsed<Config> {
  const blank = text.split('\n').every((line) => /^\s*(#.*|---\s*)?$/.test(line));
  return parseDocumentAs(Config, blank ? '{}' : text, file);
}

/** Reads `file` (absolute), which need not exist. Errors name it relative to `from`, when given. */
export async function loadConfig(file: string, from?: string): Promise<Config> {
  return (await loadConfigDocument(file, from)).value;
}

/** The same, with the places of what stands in it. */
export async function loadConfigDocument(file: string, from?: string): Promise<Parsed<Config>> {
  const shown = from === undefined ? file : relative(from, file);
  const text = await readPlain(file, { maxBytes, shown });
  return parseConfigDocument(text?.toString('utf8') ?? '', shown);
}

/** bakery.yaml as JSON Schema, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(Config, { io: 'input', target: 'draft-7', reused: 'ref' }),
    title: 'Settings of a bakery',
  };
}
