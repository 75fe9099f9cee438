import type { Rebuilt } from './rebuild.ts';

const words: Readonly<Record<Rebuilt['verdict'], string>> = {
  same: 'the same bytes',
  'same files': 'the same files, packed otherwise',
  different: 'other files',
};

/** What came of it, a line or a few, each with its end. */
export function showRebuilt({
  name,
  version,
  arch,
  verdict,
  published,
  built,
  first,
  changed,
  isExplained,
}: Rebuilt): string {
  const head = `${name} ${version} ${arch}: ${words[verdict]}`;
  if (verdict === 'same') return `${head}, sha256:${published}\n`;
  const lines = [
    `${head}: published sha256:${published}, built sha256:${built}`,
    ...(first === undefined ? [] : [`  first difference: ${first}`]),
    ...changed.map(
      ({ what, from = 'none', to = 'none' }) => `  ${what}: ${from} when it was published, ${to} now`,
    ),
    isExplained ? '  which explains it' : '  not explained by tools and libraries',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
