import { stringify } from 'yaml';
import { visible } from '../diagnostics/visible.ts';
import { unfinished } from '../recipe/scaffold.ts';
import type { Recipe } from '../recipe/schema.ts';
import type { Reading } from './fall-back.ts';
import type { RecipeParts } from './recipe-parts.ts';

interface RecipeContent {
  readonly name: string;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly parts: RecipeParts;
  readonly isReloading: boolean;
  readonly reading: Reading;
  /** Of a build; pinned by digest. */
  readonly image: string | undefined;
  /** Files the script may read. */
  readonly beside: readonly string[];
  /** Of all that will be in the image. */
  readonly paths: readonly string[];
  /** Of static files, by their path in the image. */
  readonly texts: ReadonlyMap<string, string>;
}

export function recipeText(content: RecipeContent): string {
  const { name, versions, options, parts, isReloading, reading } = content;
  // What the script itself makes, nothing else may.
  const { artifacts, folders, text, links } = reading === 'unread' ? nothing : parts;
  const units = unitsOf(content);
  const repo = typeof versions['repo'] === 'string' ? versions['repo'] : undefined;
  const sections = [
    { recipe: 1, name, summary: `${unfinished} in a few words`, ...headOf(repo) },
    { versions },
    { arch: parts.arch },
    { options },
    { artifacts },
    { build: buildOf(content) },
    { folders },
    { text },
    { links },
    { ...(isReloading ? { reload: true } : {}), ...(units.length === 0 ? {} : { units }) },
  ];
  const written = sections
    .filter((section) => Object.values(section).some(isFilled))
    .map((section) => stringify(section, { lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false }));
  return `# yaml-language-server: $schema=../recipe.schema.json
# Made by bakery import from ${name}.sysext/create.sh. README.md says what is left to decide.
${written.join('\n')}`;
}

function headOf(repo: string | undefined): Readonly<Record<string, string>> {
  const homepage = repo === undefined ? `https://example.org/${unfinished}` : `https://github.com/${repo}`;
  return { homepage, license: unfinished };
}

const nothing: Pick<RecipeParts, 'artifacts' | 'folders' | 'text' | 'links'> = {
  artifacts: [],
  folders: [],
  text: [],
  links: [],
};

const noDigest = `@sha256:${'0'.repeat(64)}`;

function buildOf({ reading, image, options, beside }: RecipeContent): readonly object[] {
  if (reading === 'compiled') {
    const named = image ?? `docker.io/library/${unfinished.toLowerCase()}${noDigest}`;
    return [{ container: { image: named, script: 'build.sh', take: { usr: '/usr' } } }];
  }
  if (reading !== 'unread') return [];
  const given = Object.fromEntries(Object.keys(options).map((name) => [name, `{${name}}`]));
  return [
    {
      script: {
        image: image ?? `docker.io/library/debian${noDigest}`,
        file: 'create.sh',
        ...(Object.keys(given).length === 0 ? {} : { options: given }),
        ...(beside.length === 0 ? {} : { beside }),
        packages: ['ca-certificates', 'curl', 'jq', 'unzip', 'xz-utils', 'zstd'],
      },
    },
  ];
}

/** What keeps a draft from being built: what only a person can write or name. */
export function unfinishedBuild({ name, build }: Pick<Recipe, 'name' | 'build'>): string | undefined {
  const [step] = build;
  if (step === undefined) return undefined;
  if (step.kind !== 'script')
    return `${name}: expected a build, found build.sh, which is still to be written`;
  return step.step.image.endsWith(noDigest)
    ? `${name}: expected an image to run the script in; --image IMAGE@sha256:… names one`
    : undefined;
}

export function buildText(): string {
  return `#!/bin/sh
# ${unfinished}: what the script did in its container. Writes to "$OUT"; sources go under sources: in recipe.yaml.
set -eu
`;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : typeof value !== 'object' || Object.keys(value ?? {}).length > 0;
}

const unit = /^\/usr\/(?:local\/)?lib\/systemd\/system\/([^/]+\.(?:service|socket|timer|path))$/;

function unitsOf({ paths, texts }: RecipeContent): { readonly name: string; readonly start: string }[] {
  // Once for all units: a stranger may bring many of them, and long texts.
  const upholding = [...texts.values()].flatMap((text) => text.match(/^Upholds=.*$/gm) ?? []).join('\n');
  const linking = new Set(paths.flatMap((path) => /\.upholds\/(.*)$/s.exec(path)?.[1] ?? []));
  return paths.flatMap((path) => {
    const [, name] = unit.exec(path) ?? [];
    if (name === undefined) return [];
    const isUpheld = linking.has(name) || upholding.includes(name);
    return [{ name, start: isUpheld ? 'merge' : 'user' }];
  });
}

/** Says what a person has to do before the recipe is one. */
export function readmeOf(name: string, left: readonly string[], help: string): string {
  const options =
    help.trim() === ''
      ? ''
      : `\nOptions of the script:\n\n${visible(help.trimEnd()).replaceAll(/^/gm, '    ')}\n`;
  const items = left.map((line) => `- ${unfinished}: ${visible(line.replaceAll(/\s+/g, ' '))}\n`).join('');
  return `# ${name}

${unfinished}: what it is, and what a host needs for it.

## Left to decide

${items}- ${unfinished}: summary, license and a smoke test; then remove this section.
${options}`;
}
