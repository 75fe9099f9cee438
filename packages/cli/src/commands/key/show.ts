import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { dayOf, keyFiles, keysOfRing, readKeyFolder } from '@bakery/core/signing.ts';
import { done, type CommandContext } from '../../command-context.ts';
import { printJson } from '../../print.ts';
import { showTable } from '../../table.ts';
import { readRing } from './read-ring.ts';

/** `key show DIR`: which keys there are, and what each is for. */
export function keyShowCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('show the keys of a folder')
      .description('Shows which keys are in the ring and what each is for.')
      .argument('<dir>', 'folder that bakery key new made')
      .action(
        action(async (dir: string) => {
          const folder = resolve(io.cwd, dir);
          const { roles } = await readKeyFolder(folder);
          const keys = (await keysOfRing(await readRing(join(folder, keyFiles.ring)), io)).map((key) => ({
            fingerprint: key.fingerprint,
            use: useOf(key.fingerprint, roles),
            created: dayOf(key.created),
            until: dayOf(key.expires),
          }));
          if (globals().json === true) printJson(io.out, keys);
          else {
            const rows = keys.map(({ use, fingerprint, created, until }) => [
              use,
              fingerprint,
              created,
              until,
            ]);
            io.out.write(showTable([['USE', 'FINGERPRINT', 'MADE', 'UNTIL'], ...rows]));
          }
          return done;
        }),
      );
}

function useOf(
  fingerprint: string,
  { primary, active, spare }: { readonly primary: string; readonly active: string; readonly spare: string },
): string {
  if (fingerprint === primary) return 'certifies';
  if (fingerprint === active) return 'signs';
  return fingerprint === spare ? 'spare' : 'retired';
}
