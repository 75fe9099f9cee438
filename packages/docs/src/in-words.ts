import type { Recipe } from '@bakery/core/recipe.ts';
import { type Condition, kindOfSource, type VersionSource } from '@bakery/core/versions.ts';

/** Where versions come from. */
export function sourceInWords(source: VersionSource): string {
  return kindOfSource(source).words(source);
}

/** Which of them are "latest". */
export function latestInWords({ latest }: Pick<VersionSource, 'latest'>): string {
  if ('newest' in latest) return latest.newest === 1 ? 'the newest' : `the ${latest.newest} newest`;
  if ('majors' in latest) return `the newest of each of the ${latest.majors} newest majors`;
  if ('minors' in latest) return `the newest of each of the ${latest.minors} newest minors`;
  if ('minors-of' in latest) return 'the newest of each minor that upstream supports';
  return `one for each latest version of ${latest.follow}`;
}

/** Versions that do not count, as the end of a sentence. */
export function limitsInWords(source: VersionSource): string {
  const range = source.range === undefined ? '' : `, in the range \`${source.range}\``;
  return `${source.prereleases ? ', pre-releases among them' : ', without pre-releases'}${range}`;
}

/** When an entry of a recipe counts, in brackets with a space in front; nothing for always. */
export function conditionInWords({ when, arches, if: wanted }: Condition): string {
  const options = Object.entries(wanted ?? {}).map(([option, want]) => {
    if (typeof want === 'string') return want === '' ? `without \`${option}\`` : `with \`${option}=${want}\``;
    if (Array.isArray(want)) return `with \`${option}\` one of ${want.map((one) => `\`${one}\``).join(', ')}`;
    return want.not === '' ? `with \`${option}\`` : `unless \`${option}=${want.not}\``;
  });
  const all = [when === undefined ? [] : [`version \`${when}\``], arches?.join(', ') ?? [], options].flat();
  return all.length === 0 ? '' : ` (${all.join('; ')})`;
}

/** The version of another extension, with a space in front. A template of it names options of the recipe. */
export function versionInWords(version: string): string {
  const [, option] = /^\{([^{}]+)\}$/.exec(version) ?? [];
  if (option === 'version') return ' of the same version';
  return option === undefined
    ? ` of version \`${version}\``
    : ` of the version that option \`${option}\` has`;
}

export const startInWords: Readonly<Record<Recipe['units'][number]['start'], string>> = {
  merge: 'by itself, as soon as the image is merged',
  user: 'when you enable it, as the snippets below do',
  choice: 'when you enable it; choose one of these',
};
