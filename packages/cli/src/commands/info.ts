import type { Command } from 'commander';
import { type CatalogueExtension, extensionIn } from '@bakery/core/catalogue.ts';
import { done, type CommandContext } from '../command-context.ts';
import { catalogueOption, openCatalogue, type Place } from '../open-catalogue.ts';
import { printJson } from '../print.ts';
import { showVersions } from '../published-tables.ts';
import { oneLine, showTable } from '../table.ts';

interface Options extends Place {
  readonly all?: boolean;
}

const shown = 10; // versions; the rest is history

/** `info EXT`: what a bakery has published of an extension. */
export function infoCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('show what is published of an extension')
      .description(
        'Shows what a bakery says of EXT and has published of it, from its catalogue: that of --catalogue URL, ' +
          'of --hub or of the store.',
      )
      .argument('<ext>', 'extension')
      .option(...catalogueOption)
      .option('--all', `every version, not the ${shown} newest`)
      .action(
        action(async (name: string, { all, ...place }: Options) => {
          const extension = extensionIn(await openCatalogue(place, globals(), io), name);
          if (globals().json === true) printJson(io.out, extension);
          else io.out.write(show(extension, all === true ? Infinity : shown));
          return done;
        }),
      );
}

function show(extension: CatalogueExtension, most: number): string {
  const { name, summary, streams, versions } = extension;
  const left = versions.length - most;
  return [
    summary === undefined ? `${name}\n` : `${name}: ${oneLine(summary)}\n`,
    '\n',
    showTable(facts(extension)),
    ...(streams.length === 0
      ? []
      : [
          '\n',
          showTable([
            ['STREAM', 'NEWEST', 'UNTIL', 'FOLLOWED BY'],
            ...streams.map(({ label, newest, eol = '', transfer }) => [label, newest, eol, transfer.url]),
          ]),
        ]),
    '\n',
    showVersions(versions.slice(0, most)),
    ...(left > 0 ? [`and ${left} more: --all shows them\n`] : []),
  ].join('');
}

function facts(extension: CatalogueExtension): readonly (readonly string[])[] {
  const {
    homepage,
    license,
    arches,
    os,
    newest,
    transfer,
    masks = [],
    afterUpdate,
    unproved = [],
  } = extension;
  const starts = (extension.units ?? []).map((unit) => `${unit.name} (${startOf(unit.start)})`);
  const needs = (extension.requires ?? []).map(({ name, version }) =>
    version === undefined ? name : `${name} ${version}`,
  );
  const clashes = (extension.conflicts ?? []).map(({ name, why }) =>
    why === undefined ? name : `${name} (${why})`,
  );
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['homepage', homepage],
    ['licence', license],
    ['for', [arches.join(', '), os?.id, os?.level].filter((text) => text !== undefined).join(' ')],
    ['newest', newest],
    ['kept up by', transfer.url],
    ['units', starts.join(', ')],
    ['needs', needs.join(', ')],
    ['not with', clashes.join(', ')],
    ['takes the place of', masks.join(', ')],
    ['after an update', afterUpdate],
    ['unproved', unproved.map((script) => `what ${script} fetches`).join(', ')],
  ];
  return rows.flatMap(([what, text]) => (text === undefined || text === '' ? [] : [[what, text]]));
}

function startOf(start: string): string {
  const words: Readonly<Record<string, string>> = {
    merge: 'starts by itself',
    user: 'starts when enabled',
    choice: 'one of several to enable',
  };
  return Object.hasOwn(words, start) ? (words[start] ?? start) : start;
}
