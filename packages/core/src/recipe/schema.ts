import { z } from 'zod';
import { ImageFile, ImageFolder, ImagePath, Mode, RecipePath } from '../language/image-paths.ts';
import { Template, templated } from '../language/slots.ts';
import { perArch } from '../names/arch.ts';
import { ExtensionName } from '../names/extension-name.ts';
import { BuildStep } from '../steps/build-step.ts';
import { conditionShape, Part, PartName } from '../versions/condition.ts';
import { EndsOfLife } from '../versions/ends-of-life.ts';
import { Regex } from '../versions/regex.ts';
import { VersionSource } from '../versions/sources/sources.ts';
import { Artifact } from './artifact.ts';
import { Option } from './option.ts';
import { Os } from './os.ts';
import { Setup } from './setup.ts';
import { Streams } from './streams.ts';
import { TestStep } from './test-step.ts';

const optionName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, { error: 'expected lower-case words joined by "-"' });

const StaticTree = z.strictObject({ from: RecipePath, ...conditionShape });
const LinkTarget = z.string().regex(/^[^\p{Cc}]+$/u, {
  error: 'expected a link target without control characters',
});
const Link = z.strictObject({
  path: templated(ImageFile),
  to: templated(LinkTarget).describe(
    'The link’s text: relative, or absolute for something only the host has.',
  ),
  optional: z.boolean().default(false).describe('Leave it out when a relative target is missing.'),
  ...conditionShape,
});
const Text = z.strictObject({
  path: templated(ImageFile),
  content: templated(z.string()).describe('May contain placeholders.'),
  mode: Mode.default('0644'),
  ...conditionShape,
});
const Edit = z.strictObject({
  path: templated(ImageFile),
  replace: z.string().min(1).describe('Literal text that must occur; every occurrence is replaced.'),
  with: templated(z.string()).describe('May contain placeholders.'),
  ...conditionShape,
});
const Folder = z.strictObject({
  path: templated(ImageFolder),
  mode: Mode.default('0755'),
  ...conditionShape,
});
const RequiredPath = templated(ImagePath);
const Required = z
  .union([RequiredPath, z.strictObject({ path: RequiredPath, ...conditionShape })], {
    error: 'expected a path below /usr or /opt, or {path, when, …}',
  })
  .transform((entry) => (typeof entry === 'string' ? { path: entry } : entry));
const Unit = z.strictObject({
  name: z.string().regex(/^[\w@.:-]+\.(service|socket|timer|path|target|mount)$/),
  start: z
    .enum(['merge', 'user', 'choice'])
    .describe('merge: upheld by a target; user: enabled by the user; choice: one of several alternatives.'),
  ...conditionShape,
});
const Smoke = z
  .strictObject({
    run: Template.describe('Program and arguments separated by spaces; no shell.'),
    prints: Template.optional().describe('Text its output must contain.'),
    matches: Regex.optional().describe('Regular expression its output must match.'),
    ...conditionShape,
  })
  .refine((smoke) => (smoke.prints === undefined) !== (smoke.matches === undefined), {
    error: 'expected either prints or matches',
  });
const Relation = z.strictObject({
  name: ExtensionName,
  version: Template.optional().describe('The only version that fits, e.g. "{wasmedge-version}".'),
  why: z.string().min(1).optional(),
  ...conditionShape,
});

/** What an entry of a list is, for lists that are filled in one entry at a time. */
export const entrySchemas = {
  build: BuildStep,
  folders: Folder,
  text: Text,
  edit: Edit,
  links: Link,
  require: Required,
};

/** One product as data, in reading order: what, versions, arches, artifacts, what else, proof. */
export const Recipe = z.strictObject({
  recipe: z.literal(1).describe('Format version.'),
  name: ExtensionName,
  summary: z.string().min(1).max(120),
  homepage: z.url({ protocol: /^https?$/ }),
  license: z.string().min(1).describe('SPDX licence expression for the contents of the image.'),

  versions: VersionSource,
  eol: EndsOfLife.optional().describe(
    'Where to look up end-of-life dates; a version past its date is never the latest.',
  ),
  revise: z
    .literal('on-second-product')
    .optional()
    .describe(
      'Rebuild published versions, as a revision, when an option that defaults to a version source has a newer version.',
    ),
  streams: Streams.optional().describe('Version streams to offer: adds NAME-v1.conf or NAME-v1.2.conf.'),

  arch: perArch(z.string())
    .refine((arch) => Object.keys(arch).length > 0, { error: 'expected at least one architecture' })
    .describe('Architectures to build, each with the text {arch} stands for, which may be empty.'),

  options: z.record(optionName, Option).default({}),
  parts: z
    .record(PartName, Part)
    .default({})
    .describe('Conditions shared by several entries, which refer to them with {part: NAME}.'),

  artifacts: z.array(Artifact).default([]),
  build: z.array(BuildStep).default([]),

  files: z
    .array(StaticTree)
    .optional()
    .describe('Static trees with usr/ or opt/ inside. Default: [{from: files}].'),
  folders: z.array(Folder).default([]),
  text: z.array(Text).default([]),
  edit: z.array(Edit).default([]),
  links: z.array(Link).default([]),
  require: z.array(Required).default([]).describe('Paths that must exist in the finished tree.'),

  reload: z.boolean().default(false).describe('Have the service manager reload its units on merge.'),
  os: Os.optional().describe('The only OS it is for. Default: any.'),

  units: z.array(Unit).default([]),
  requires: z.array(Relation).default([]),
  conflicts: z.array(Relation).default([]),
  masks: z.array(z.string()).default([]).describe('Built-in extensions a host must switch off.'),
  setup: z.array(Setup).default([]).describe('What users must provide on the host.'),
  'after-update': z.enum(['nothing', 'refresh', 'restart', 'reboot']).default('refresh'),

  smoke: z
    .array(Smoke)
    .default([])
    .describe('Commands run in the merged /usr to prove that the image works.'),
  test: z
    .array(TestStep)
    .default([])
    .describe('Checks on a running host, in this order; meant for services.'),
});
export type Recipe = z.infer<typeof Recipe>;
