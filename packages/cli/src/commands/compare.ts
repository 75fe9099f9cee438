import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import {
  type ComparedStores,
  compareImages,
  compareStores,
  comparisonMarkdown,
  localSide,
  publishedSide,
  showComparison,
  type Side,
} from '@bakery/core/compare.ts';
import { detectFormat, formats } from '@bakery/core/image.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import { Arch, defaultArch } from '@bakery/core/names.ts';
import { isSettled, otherwiseMarkdown, showOtherwise } from '@bakery/core/release.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { compareAll } from '../compare-all.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print.ts';
import { requirePublished } from '../require-published.ts';
import { UsageError } from '../run-cli.ts';

interface Options {
  readonly arch: Arch;
  readonly markdown?: boolean;
  readonly all?: boolean;
  readonly resume?: string;
}

/** `compare A B`: what is different in two images, versions or stores. */
export function compareCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('compare two images, versions or stores')
      .description(
        'Shows how B differs from A: files added, removed and changed, libraries that programs ask for, lines of ' +
          'units, and what both were made from. Each is an image file, or EXT:VERSION of the store; or both are stores, ' +
          'dir:PATH or github:OWNER/REPO, whose versions are then compared by the hashes of their images.\n' +
          '--all builds the newest version of each EXT that is published again, from its record, and shows what would ' +
          'come out otherwise with this bakery and these tools; it ends with 1 when files would, or one cannot be built.',
      )
      .argument('[a]', 'image file, EXT:VERSION, or a store')
      .argument('[b]', 'the same, to compare with it')
      .argument('[ext...]', 'with --all: extensions (default: all that are published)')
      .option('--all', 'build what is published again, and show what would come out otherwise')
      .addOption(
        new Option(
          '--resume <file>',
          'with --all: keep each result there, and go on with those it holds, of the same store, bakery and recipes',
        ).implies({ all: true }),
      )
      .addOption(
        new Option('--arch <arch>', 'which image of EXT:VERSION').choices(Arch.options).default(defaultArch),
      )
      .option('--markdown', 'print Markdown, for notes and summaries')
      .action(
        action(
          async (a: string | undefined, b: string | undefined, more: readonly string[], options: Options) => {
            const { json } = globals();
            if (options.all === true) {
              const names = [a, b, ...more].filter((one) => one !== undefined);
              const { resume } = options;
              const all = await compareAll({ names, resume }, await openBakery(globals(), io), io);
              if (json === true) printJson(io.out, all);
              else io.out.write(options.markdown === true ? otherwiseMarkdown(all) : showOtherwise(all));
              return all.every(isSettled) ? done : failed;
            }
            if (a === undefined || b === undefined || more.length > 0) {
              throw new UsageError(
                `compare: expected two to compare, got ${[a, b, ...more].filter((one) => one !== undefined).length}`,
              );
            }
            const stores = [a, b].filter(isStore);
            if (stores.length === 1) throw new UsageError(`compare: expected two stores, got ${a} and ${b}`);
            if (stores.length === 2) {
              const open = async (store: string) => (await openBakery({ ...globals(), store }, io)).store;
              const [from, to] = [await open(a), await open(b)];
              for (const store of [from, to]) await requirePublished(store);
              const result = await compareStores(from, to);
              if (json === true) printJson(io.out, result);
              else io.out.write(showStores(result));
              return done;
            }
            const bakery = await openBakery(globals(), io);
            await using scratch = await scratchFolder(io.tmpdir);
            const find = (word: string) => findSide(word, options.arch, { bakery, io, folder: scratch.path });
            const [from, to] = [await find(a), await find(b)];
            for (const { path } of [from, to]) {
              await bakery.requireTools([...formats[await detectFormat(path)].reads]);
            }
            const context = { ...bakery.ports, path: bakery.path, isRoot: io.isRoot, temporary: io.tmpdir };
            const comparison = await compareImages(from, to, context);
            if (json === true) printJson(io.out, comparison);
            else
              io.out.write(
                options.markdown === true ? comparisonMarkdown(comparison) : showComparison(comparison),
              );
            return done;
          },
        ),
      );
}

function isStore(word: string): boolean {
  return /^(dir|github):/.test(word);
}

interface Places {
  readonly bakery: Bakery;
  readonly io: Io;
  /** For what is downloaded. */
  readonly folder: string;
}

async function findSide(word: string, arch: Arch, { bakery, io, folder }: Places): Promise<Side> {
  const path = resolve(io.cwd, word);
  const [, name, version] = /^([^:/]+):(.+)$/.exec(word) ?? [];
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere || name === undefined || version === undefined) return localSide(path, word);
  return publishedSide({ name, version, arch }, bakery.store, folder);
}

function showStores({ from, to, added, removed, changed, same }: ComparedStores): string {
  return [
    `${from} → ${to}`,
    ...added.map((tag) => `+ ${tag}`),
    ...removed.map((tag) => `- ${tag}`),
    ...changed.map((image) => `~ ${image}`),
    `${added.length} versions added, ${removed.length} removed, ${changed.length} images changed, ${same} the same`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}
