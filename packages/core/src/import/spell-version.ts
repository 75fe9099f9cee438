/** A text that stands for a placeholder: what a run was given, or found. */
export type Spelling = readonly [text: string, placeholder: string];

/** What stands for a version in texts, longest first. */
export function versionSpellings(version: string): Spelling[] {
  const bare = version.replace(/^v/, '');
  const [core = '', build] = bare.split('+');
  const [major, minor, patch] = core.split('.');
  const all: (Spelling | undefined)[] = [
    [version, '{version}'],
    bare === version ? undefined : [bare, '{bare}'],
    build === undefined ? undefined : [build, '{build}'],
    patch === undefined || build === undefined ? undefined : [core, '{patch}'],
    minor === undefined || core === `${major}.${minor}` ? undefined : [`${major}.${minor}`, '{minor}'],
  ];
  return all.filter((one) => one !== undefined);
}

/** Puts placeholders for what is known; braces that would read as one are doubled. */
export function spell(text: string, spellings: readonly Spelling[]): string {
  const escaped = text.replaceAll(/\{([a-z][a-z0-9-]*)\}/g, '{{$1}}');
  return spellings.reduce(
    (done, [known, placeholder]) =>
      done
        .split(/(\{[a-z][a-z0-9-]*\})/)
        .map((part, index) => (index % 2 === 1 ? part : replaceWhole(part, known, placeholder)))
        .join(''),
    escaped,
  );
}

/** 1.2 in 11.2 or 1.20 is another number. */
function replaceWhole(text: string, known: string, placeholder: string): string {
  const quoted = known.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\d]|\\d\\.)${quoted}(?!\\d)`, 'g'), placeholder);
}
