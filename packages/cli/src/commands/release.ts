import { InvalidArgumentError, type Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { showBytes } from '@bakery/core/diagnostics.ts';
import { globalTag } from '@bakery/core/names.ts';
import {
  checkReleases,
  release,
  type Released,
  showEnd,
  showRetired,
  whatLacks,
  whatWaits,
} from '@bakery/core/release.ts';
import { readAsked, readRevised } from '../asked.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { addImageOptions, imageSettings, type ImageOptions } from '../image-options.ts';
import { printJson } from '../print.ts';
import { showTable } from '../table.ts';
import { showFailure, showPlan } from './check.ts';

interface Options extends ImageOptions {
  readonly maxBuilds?: number;
  readonly dryRun?: boolean;
  readonly revise?: string;
  readonly test: boolean;
}

/** `release [EXT[:VERSION]…]`: the whole job. */
export function releaseCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    addImageOptions(command)
      .summary('find, build and publish what is missing, and write the metadata')
      .description(
        'The whole job: finds the versions the release list wants (or EXT, EXT:VERSION), builds those the store lacks ' +
          'for every arch, publishes them and writes the metadata. May be stopped at any time and run again.',
      )
      .argument('[ext...]', 'extensions, each with an optional :VERSION')
      .option('--max-builds <n>', 'build at most n versions; the next run builds the rest', positive)
      .option('--revise <why>', 'rebuild published versions EXT:VERSION as VERSION-r1, -r2 …')
      .option('--no-test', 'publish without testing images on this machine first')
      .option('--dry-run', 'only show what would be built')
      .action(
        action(async (words: readonly string[], options: Options) => {
          const { revise, test } = options;
          const bakery = await openBakery(test ? globals() : { ...globals(), test }, io);
          const list = await bakery.releaseList();
          const asked = revise === undefined ? readAsked(words, list) : readRevised(words, revise);
          if (options.dryRun === true) {
            const { plan, failures } = await checkReleases(asked, bakery, options.maxBuilds);
            if (globals().json === true) printJson(io.out, { ...plan, failures: failures.map(showFailure) });
            else io.out.write(showPlan(plan, failures));
            return failures.length === 0 ? done : failed;
          }
          const settings = imageSettings(options);
          const limits = options.maxBuilds === undefined ? {} : { maxBuilds: options.maxBuilds };
          const listed = list.map(({ name }) => name);
          const remember = words.length === 0 ? { remember: { listed, now: Date.now() } } : {};
          const released = await release(
            asked,
            { settings, ...limits, ...remember },
            { ...bakery.create, ...bakery },
          );
          if (globals().json === true)
            printJson(io.out, { ...released, failures: released.failures.map(showFailure) });
          else io.out.write(summary(released, bakery));
          return released.failures.length === 0 ? done : failed;
        }),
      );
}

function summary(
  { plan, published, failures, metadata, postponed, retired = [] }: Released,
  bakery: Bakery,
): string {
  const lines: string[] = [];
  if (published.length > 0) {
    const rows = published.flatMap(({ wanted, images }) =>
      images.map((image) => [
        wanted.name,
        wanted.version,
        image.file,
        showBytes(image.size),
        image.sha256.slice(0, 12),
      ]),
    );
    lines.push('', showTable([['PUBLISHED', 'VERSION', 'IMAGE', 'SIZE', 'SHA256'], ...rows]).trimEnd());
  }
  if (plan.deferred.length > 0)
    lines.push('', `${plan.deferred.length} left for the next run because of --max-builds.`);
  for (const { name, version, why } of plan.waiting ?? [])
    lines.push('', `${name} ${version} waits: ${why}.`);
  for (const { name, version, reason = '' } of plan.withdrawn ?? [])
    lines.push(
      '',
      `${name} ${version} is withdrawn: ${reason}; bakery yank ${name}:${version} --undo has it back.`,
    );
  for (const one of plan.incomplete ?? [])
    lines.push('', `${one.name} ${one.version} is left out for an older one: ${whatLacks(one)}.`);
  for (const one of plan.ended ?? []) lines.push('', `${one.name} ${one.version} is ${showEnd(one)}.`);
  for (const one of retired) lines.push('', showRetired(one));
  for (const one of postponed) lines.push('', `Metadata of ${one.name}: ${whatWaits(one)}.`);
  for (const { name, version = '', error } of failures) {
    lines.push('', `failed: ${name} ${version}`.trimEnd(), `  ${error.message.replaceAll('\n', '\n  ')}`);
    if (error.hint !== undefined) lines.push(`  hint: ${error.hint}`);
  }
  if (published.length + failures.length + postponed.length === 0) {
    lines.push(`Nothing to do: ${allWanted(plan.published.length)} in ${bakery.store.name}.`);
  }
  const indexes = metadata.filter((name) => name !== globalTag);
  if (metadata.length > 0)
    lines.push(
      '',
      `Metadata written: ${[...indexes, ...(indexes.length < metadata.length ? ['the global index'] : [])].join(', ')}.`,
    );
  // What failed or is left is missing, and nothing after its message should say otherwise.
  const isComplete = plan.deferred.length + postponed.length + (plan.waiting ?? []).length === 0;
  if (published.length > 0 && failures.length === 0)
    for (const line of ['', ...next(published[0]?.wanted.name ?? 'EXT', isComplete, bakery)])
      lines.push(line);
  return `${lines.join('\n').trimStart()}\n`;
}

function next(name: string, isComplete: boolean, { store, hub }: Bakery): string[] {
  const place = `${isComplete ? `${store.name} is complete; a` : 'A'} host’s systemd-sysupdate reads ${name} from`;
  if (hub !== undefined) return [`${place} ${hub}`];
  if (!store.name.startsWith('dir:')) return [`${place} ${store.indexUrl(name)}`];
  return [
    `${place} ${store.indexUrl(name)}`,
    'Next, hand it to hosts:',
    `  ./bakery serve --store ${store.name}`,
  ];
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a number above 0');
  return Number(text);
}

function allWanted(count: number): string {
  return count === 1 ? 'the one wanted version is' : `all ${count} wanted versions are`;
}
