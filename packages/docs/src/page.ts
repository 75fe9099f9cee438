import type { Arch } from '@bakery/core/names.ts';
import { type Option, type Recipe, recipeArches, type Setup } from '@bakery/core/recipe.ts';
import { streamsOf } from '@bakery/core/sysupdate.ts';
import type { Facts } from '@bakery/core/versions.ts';
import { settingsConfig } from '@bakery/install/setup.ts';
import { hub, staticExample, updatingExample, type Example } from './example.ts';
import {
  conditionInWords,
  latestInWords,
  limitsInWords,
  sourceInWords,
  startInWords,
  versionInWords,
} from './in-words.ts';
import { proofs } from './proofs.ts';
import { table } from './table.ts';
import type { UncheckedSignatures } from './unchecked-signatures.ts';

export interface PageFacts extends Omit<Example, 'arch'> {
  /** What conditions are held against, but for the architecture. */
  readonly options: Facts['options'];
  readonly unchecked: UncheckedSignatures;
  /** Extensions that have a page. */
  readonly pages: ReadonlySet<string>;
}

/** The page of one extension, as Markdown. */
export function extensionPage(facts: PageFacts): string {
  const { recipe } = facts;
  const source = `../../recipes/${recipe.name}`;
  const lines = [
    `<!-- Generated from recipes/${recipe.name}/recipe.yaml by "pnpm generate". -->`,
    '',
    `# ${recipe.name}`,
    '',
    `${recipe.summary}.`,
    '',
    ...table(
      ['', ''],
      [
        ['homepage', `<${recipe.homepage}>`],
        ['licence', recipe.license],
        ['architectures', recipeArches(recipe).join(', ')],
        ...(recipe.os === undefined
          ? []
          : [['only for', `${recipe.os.id} ${recipe.os.version ?? recipe.os.level ?? ''}`.trim()]]),
        ['more to know', `[README of the recipe](${source}/README.md), [recipe.yaml](${source}/recipe.yaml)`],
      ],
    ),
    '',
    ...section('Versions', versions(facts)),
    ...section(
      'Proof of what is fetched',
      table(['download', 'its bytes', 'who it is from'], proofs(recipe, facts.unchecked)),
    ),
    ...section('Options', options(recipe)),
    ...section('Units', units(recipe)),
    ...section('Other extensions', relations(facts)),
    ...section('What you set up', setup(recipe)),
    ...section('After an update', afterUpdate(facts)),
    ...section('Butane', snippets(facts)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
}

function versions({ recipe, version }: PageFacts): string[] {
  const streams = streamsOf([version], recipe.streams);
  const files = [
    [`\`${recipe.name}.conf\``, 'the newest version'],
    ...streams.map(({ label }) => [
      `\`${recipe.name}-${label}.conf\``,
      `versions ${label}.*, and so for each series`,
    ]),
  ];
  return [
    `From ${sourceInWords(recipe.versions)}${limitsInWords(recipe.versions)}. "latest" is ${latestInWords(recipe.versions)}.`,
    '',
    ...table(['sysupdate file', 'follows'], files),
  ];
}

function options({ options: all }: Recipe): readonly string[] {
  const rows = Object.entries(all).map(([name, option]) => [
    `\`${name}\``,
    option.help,
    optionValues(option),
  ]);
  return table(['option', '', 'value'], rows);
}

function optionValues({ values, required, default: standard }: Option): string {
  const unset =
    typeof standard === 'object' ? `else the newest of ${sourceInWords(standard)}` : `else \`${standard}\``;
  return [
    values?.map((value) => (value === '' ? 'nothing' : `\`${value}\``)).join(', ') ?? '',
    required ? 'required' : standard === undefined ? 'unset by default' : unset,
  ]
    .filter((text) => text !== '')
    .join('; ');
}

function units({ units: all }: Recipe): readonly string[] {
  return table(
    ['unit', 'starts'],
    all.map((unit) => [`\`${unit.name}\`${conditionInWords(unit)}`, startInWords[unit.start]]),
  );
}

function relations({ recipe, pages }: PageFacts): readonly string[] {
  const shown = (name: string): string => (pages.has(name) ? `[${name}](${name}.md)` : name);
  return [
    ...recipe.requires.map(
      (one) =>
        `- needs ${shown(one.name)}${one.version === undefined ? '' : versionInWords(one.version)}${conditionInWords(one)}${reason(one)}`,
    ),
    ...recipe.conflicts.map(
      (one) => `- not together with ${shown(one.name)}${conditionInWords(one)}${reason(one)}`,
    ),
    ...recipe.masks.map(
      (mask) =>
        `- takes the place of what the system ships as \`${mask}\`, which the snippets below switch off`,
    ),
  ];
}

function reason({ why }: Recipe['requires'][number]): string {
  return why === undefined ? '' : `: ${why}`;
}

function setup({ setup: all }: Recipe): readonly string[] {
  return table(
    ['', ''],
    all.map((entry) => [`${subject(entry)}${conditionInWords(entry)}`, entry.help]),
  );
}

function subject(entry: Setup): string {
  if ('path' in entry) {
    const owner = [entry.user ?? (entry.group === undefined ? undefined : 'root'), entry.group]
      .filter(Boolean)
      .join(':');
    const rights = [entry.mode === undefined ? '' : `mode ${entry.mode}`, owner].filter(
      (text) => text !== '',
    );
    return [`\`${entry.path}\``, ...rights].join(', ');
  }
  if ('unit' in entry) {
    const what = entry.mask === true ? 'mask' : entry.enable === true ? 'enable' : 'drop-in of';
    return `${what} \`${entry.unit}\``;
  }
  return `user \`${entry.user}\``;
}

function afterUpdate({ recipe, services }: PageFacts): string[] {
  const refresh =
    '`systemd-sysext refresh` swaps the image under a running host; what runs keeps the old files open.';
  const restart =
    services.length === 0 ? 'Restart what uses it.' : `Then \`systemctl try-restart ${services.join(' ')}\`.`;
  const texts: Readonly<Record<Recipe['after-update'], string>> = {
    nothing: 'Nothing: the next boot merges the new image, `systemd-sysext refresh` does it at once.',
    refresh,
    restart: `${refresh} ${restart}`,
    reboot:
      'It takes a reboot. The drop-in below leaves `/run/reboot-required` for whoever decides when, locksmith or kured.',
  };
  return [texts[recipe['after-update']]];
}

function snippets(facts: PageFacts): string[] {
  const { recipe, version } = facts;
  const [arch = 'x86-64'] = recipeArches(recipe);
  const streams = streamsOf([version], recipe.streams).map(({ label }) => `\`${recipe.name}-${label}.conf\``);
  const stay =
    streams.length === 0
      ? ''
      : ` To stay in a series, fetch ${streams.join(' or ')} instead, and keep the path on the host.`;
  const settings = settingsConfig(recipe, { version, arch, options: facts.options });
  return [
    `\`${hub}\` stands for where your bakery publishes; [more about these snippets](../extensions.md#on-a-host).`,
    `Version ${version} is an example.`,
    '',
    '### An image that stays',
    '',
    ...forArches(facts, staticExample),
    '### An image that is kept up to date',
    '',
    `When the timer of systemd-sysupdate fires, a newer version is fetched, beside two older ones.${stay}`,
    '',
    ...forArches(facts, updatingExample),
    ...(settings === undefined
      ? []
      : [
          '### Settings',
          '',
          'To add to one of the above; change what stands in the files.',
          '',
          ...code(settings),
        ]),
  ];
}

/** The first architecture in full, the others folded. */
function forArches(facts: PageFacts, config: (example: Example) => string): string[] {
  return recipeArches(facts.recipe).flatMap((arch: Arch, index) => {
    const block = code(config({ ...facts, arch }));
    return index === 0
      ? [`${arch}:`, '', ...block]
      : [`<details><summary>${arch}</summary>`, '', ...block, '</details>', ''];
  });
}

function code(text: string): string[] {
  return ['```yaml', text.trimEnd(), '```', ''];
}
