import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { checkHub, type Conformance, sysupdateProgram } from '@bakery/core/conformance.ts';
import { type Diagnostic, isError, showPlace, UserError } from '@bakery/core/diagnostics.ts';
import { type GpgContext, keysOfRing, readRing, type Ring } from '@bakery/core/signing.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { UsageError } from '../run-cli.ts';
import { showTable } from '../table.ts';

interface Options {
  readonly deep?: boolean;
  readonly systemd?: boolean;
  readonly ring?: string;
}

/** `conformance URL [EXT…]`: what hosts would make of a hub. */
export function conformanceCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('check a hub against the rules of systemd')
      .description(
        'Requests everything a host requests from a hub and reports what systemd-sysupdate, any version since 251, ' +
          'would refuse, overlook or misread. Fails when there is an error; warnings are traps for later.',
      )
      .argument('<url>', 'URL prefix of the hub: https://HUB/extensions/')
      .argument('[ext...]', 'extensions; default: all the hub lists')
      .option('--deep', 'download every image and compare its hash')
      .option('--systemd', 'also list the versions with this machine’s systemd-sysupdate')
      .option('--ring <file>', 'public keys that hosts have (default: what the hub hands out)')
      .action(
        action(async (url: string, extensions: readonly string[], { deep, systemd, ring }: Options) => {
          if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
            throw new UsageError(`conformance: expected a URL like https://HUB/extensions/, got "${url}"`);
          }
          if (systemd === true) await requireSysupdate();
          const { ports, recipeBook } = await openBakery(globals(), io);
          const result = await checkHub(
            {
              url,
              extensions,
              deep: deep ?? false,
              systemd: systemd ?? false,
              known: recipeBook.names,
              today: new Date().toISOString().slice(0, 10),
              ...(ring === undefined
                ? {}
                : { ring: await openRing(resolve(io.cwd, ring), { ...ports, tmpdir: io.tmpdir }) }),
            },
            { ...ports, tmpdir: io.tmpdir, sleep: (ms) => pause(ms) },
          );
          if (globals().json === true) printJson(io.out, result);
          else io.out.write(show(result));
          return result.complaints.some(isError) ? failed : done;
        }),
      );
}

async function openRing(file: string, context: GpgContext): Promise<Ring> {
  const ring = await readRing(file, '--ring');
  await keysOfRing(ring, context);
  return ring;
}

async function requireSysupdate(): Promise<void> {
  await access(sysupdateProgram).catch((cause: unknown) => {
    throw new UserError('program.missing', `--systemd: expected ${sysupdateProgram}, found none`, {
      cause,
      hint: 'it comes with systemd 251 and newer; Debian has it in systemd-container',
    });
  });
}

function show({ url, extensions, complaints }: Conformance): string {
  const rows = extensions.map(({ name, versions, images, transfers, complaints: own }) => [
    name,
    `${versions.length} versions`,
    `${images} images`,
    `${transfers.length} sysupdate files`,
    own.length === 0 ? 'good' : `${own.length} complaint(s)`,
  ]);
  const errors = complaints.filter(isError).length;
  const sum = `${url}: ${errors} error(s), ${complaints.length - errors} warning(s)\n`;
  return [showTable(rows), ...complaints.map(showComplaint), sum].join('');
}

function showComplaint({ code, severity, place, message }: Diagnostic): string {
  return `${severity} ${code}: ${showPlace(place)}: ${message}\n`;
}
