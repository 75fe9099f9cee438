import { Option, type Command } from 'commander';
import type { Choices } from '@bakery/core/bakery.ts';
import { readUrl } from './read-url.ts';

/** Options every command understands. */
export interface Globals extends Choices {
  /** Print data as JSON. */
  readonly json?: boolean;
}

export function addGlobals(program: Command): void {
  program
    .addOption(
      new Option(
        '--recipes <dir>',
        'folder of recipes in addition to the bakery’s own, or one recipe; repeatable',
      ).argParser((dir: string, dirs: readonly string[] | undefined) => [...(dirs ?? []), dir]),
    )
    .option('--config <file>', 'settings to use instead of ./bakery.yaml')
    .option('--store <store>', 'where releases live: dir:PATH or github:OWNER/REPO (default dir:out)')
    .option('--hub <url>', 'URL prefix hosts use, for sysupdate files (default: the store’s own)', readUrl)
    .option('--list <file>', 'release list (default: release_build_versions.txt)')
    .option('--offline', 'use only the cache, never the network')
    .option('--json', 'print data as JSON')
    .option('--version', 'print version and commit of the bakery');
}
