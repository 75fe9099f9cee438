import { z } from 'zod';
import { visible } from '../../diagnostics/visible.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { Arch } from '../../names/arch.ts';
import { showRebuilt } from './show-rebuilt.ts';

const Image = z.object({ name: z.string(), version: z.string(), arch: Arch });

const Changed = z.object({
  what: z.string(),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
});

/** A published image that was built again, as a line of a file keeps it. */
const Built = Image.extend({
  verdict: z.enum(['same', 'same files', 'different']),
  published: z.string(),
  built: z.string(),
  first: z.string().exactOptional(),
  changed: z.array(Changed).readonly(),
  isExplained: z.boolean(),
  /** Of the recipe as it was then. */
  recipe: z.string().exactOptional(),
});
type Built = z.infer<typeof Built>;

/** What came of building a published image again with the bakery and the tools there are now. */
export type Otherwise =
  | Built
  | (z.infer<typeof Image> & { readonly verdict: 'not built'; readonly why: string });

const verdicts = ['same', 'same files', 'different', 'not built'] as const;
const words = {
  same: 'the same bytes',
  'same files': 'packed otherwise',
  different: 'other files',
  'not built': 'not built',
} as const;

/** Whether nobody needs to look at it: the same bytes, or files that other tools packed. */
export function isSettled(one: Otherwise): boolean {
  return one.verdict !== 'not built' && one.isExplained;
}

/** What all results in one file were made with, in words; recipes are those of each result. */
const MadeWith = z.object({ store: z.string(), bakery: z.string(), images: z.string() });
export type MadeWith = z.infer<typeof MadeWith>;

/** Of the file’s first line; undefined where nothing is said. */
export function readMadeWith(text: string): MadeWith | undefined {
  return MadeWith.safeParse(jsonOrNothing(text.split('\n', 1)[0] ?? '')).data;
}

/** Lines of an earlier run; those that a killed one left half written count as not there. */
export function readOtherwise(text: string): Built[] {
  return text.split('\n').flatMap((line) => Built.safeParse(jsonOrNothing(line)).data ?? []);
}

/** What would come out otherwise, and how many would not. */
export function showOtherwise(all: readonly Otherwise[]): string {
  const told = all.filter(({ verdict }) => verdict !== 'same').map(showOne);
  return `${told.join('')}${showCounts(all)}\n`;
}

export function otherwiseMarkdown(all: readonly Otherwise[]): string {
  const rows = all
    .filter(({ verdict }) => verdict !== 'same')
    .map((one) => [`${one.name} ${one.version}`, one.arch, words[one.verdict], detailOf(one)]);
  const table = [['Image', 'Arch', 'Comes out', 'What'], ['---', '---', '---', '---'], ...rows];
  const lines = table.map((cells) => `| ${cells.map(cell).join(' | ')} |\n`);
  return `${rows.length === 0 ? '' : `${lines.join('')}\n`}${showCounts(all)}\n`;
}

function showOne(one: Otherwise): string {
  if (one.verdict !== 'not built') return showRebuilt(one);
  return `${one.name} ${one.version} ${one.arch}: not built: ${one.why}\n`;
}

function showCounts(all: readonly Otherwise[]): string {
  const counts = verdicts.map((verdict) => {
    const count = all.filter((one) => one.verdict === verdict).length;
    return `${count} ${words[verdict]}`;
  });
  return `${all.length} images: ${counts.join(', ')}`;
}

function detailOf(one: Otherwise): string {
  if (one.verdict === 'not built') return one.why;
  const changed = one.changed.map(({ what, from = 'none', to = 'none' }) => `${what}: ${from} → ${to}`);
  return [...(one.first === undefined ? [] : [one.first]), ...changed].join('; ');
}

/** Paths and errors are upstream’s: nothing in a cell is Markdown. */
function cell(text: string): string {
  return visible(text)
    .replaceAll(/[\\`*_{}[\]<>()#+!|~@-]/g, String.raw`\$&`)
    .replaceAll('\n', ' ');
}
