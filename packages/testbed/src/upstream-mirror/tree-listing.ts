import { execFileSync } from 'node:child_process';
import type { Build } from './fixture.ts';

/** What one image holds: a line of mode, path and link target each, sorted. Plain folders with something inside are left out. */
export function treeLines(image: string): string[] {
  const text = execFileSync('unsquashfs', ['-lln', image], { encoding: 'utf8', env: { TZ: 'UTC' } });
  const row = /^([-dlbcps][-rwxsStT]{9}) \d+\/\d+\s+\S+ \S+ \S+ squashfs-root(\/.*)$/;
  const found = text.split('\n').flatMap((line) => {
    const [, mode, path] = row.exec(line) ?? [];
    return mode === undefined || path === undefined ? [] : [{ mode, path }];
  });
  const paths = found.map(({ path }) => path);
  return found
    .filter(({ mode, path }) => mode !== 'drwxr-xr-x' || !paths.some((other) => other.startsWith(`${path}/`)))
    .map(({ mode, path }) => `${mode} ${path}`)
    .toSorted((a, b) => (a.slice(11) < b.slice(11) ? -1 : 1));
}

export interface Built {
  readonly build: Build;
  readonly arch: string;
  readonly lines: readonly string[];
}

/** `tree.txt` of a recipe: one section for all builds with equal content. */
export function treeText(built: readonly Built[]): string {
  const sections = Map.groupBy(built, ({ lines }) => lines.join('\n'));
  return [...sections]
    .map(([lines, same]) => `${[...titles(same)].map((title) => `# ${title}\n`).join('')}${lines}\n`)
    .join('\n');
}

function titles(same: readonly Built[]): Set<string> {
  const byBuild = Map.groupBy(same, ({ build }) => build);
  return new Set(
    [...byBuild].map(([{ version, options }, arches]) => {
      const chosen = Object.entries(options).map(([name, value]) => ` --${name}=${value}`);
      return `${version}${chosen.join('')} for ${arches.map(({ arch }) => arch).join(' and ')}`;
    }),
  );
}
