import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '@bakery/core/diagnostics.ts';
import {
  dropRetired,
  keyFiles,
  type KeyRoles,
  keysOfRing,
  readKeyFolder,
  switchKeys,
  writeKeyFolder,
} from '@bakery/core/signing.ts';
import { done, type CommandContext } from '../../command-context.ts';
import { printJson } from '../../print.ts';
import { lifetimeOption } from './lifetime-option.ts';
import { readRing } from './read-ring.ts';
import { secretLines } from './secret-lines.ts';

interface Options {
  readonly lifetime: string;
  readonly drop?: boolean;
  readonly now?: boolean;
}

const patience = 30; // days in which hosts get the ring with a new spare key

/** `key rotate DIR`: goes on with the spare key, in the only order that works. */
export function keyRotateCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('go on with the spare key')
      .description(
        'Makes the spare key the one that signs, which hosts know already, and a new spare. What signed before stays ' +
          'in the ring until --drop takes it out: hosts believe it as long as it is there, expired or revoked.',
      )
      .argument('<dir>', 'folder that bakery key new made, with its offline part')
      .option(...lifetimeOption)
      .option('--drop', 'take the keys that sign no more out of the ring')
      .option('--now', `also when the spare key is younger than ${patience} days and hosts may not have it`)
      .action(
        action(async (dir: string, { lifetime, drop, now }: Options) => {
          const folder = resolve(io.cwd, dir);
          const keys = await readKeyFolder(folder);
          const passphrase = io.env['BAKERY_SIGNING_PASSPHRASE'] ?? '';
          if (drop === true) {
            if (keys.roles.retired.length === 0) {
              throw new UserError('signing.key', `${dir}: expected keys that sign no more, found none`, {
                hint: 'bakery key rotate DIR comes first, then --drop',
              });
            }
            const dropped = await dropRetired(keys, passphrase, io);
            await writeKeyFolder(folder, dropped);
            tell(dropped.roles, afterDrop(dir));
            return done;
          }
          if (now !== true) await requireKnownSpare(folder, dir, keys.roles);
          const next = await switchKeys(keys, { passphrase, lifetime }, io);
          await writeKeyFolder(folder, next);
          tell(next.roles, afterSwitch(dir, passphrase !== ''));
          return done;
        }),
      );

  function tell(roles: KeyRoles, text: string): void {
    if (globals().json === true) printJson(io.out, roles);
    else io.out.write(text);
  }

  /** A host that has not got the spare key refuses everything from the moment it signs. */
  async function requireKnownSpare(folder: string, dir: string, { spare, retired }: KeyRoles): Promise<void> {
    if (retired.length === 0) return; // of the first pair, hosts never had one key without the other
    const ring = await readRing(join(folder, keyFiles.ring));
    const key = (await keysOfRing(ring, io)).find(({ fingerprint }) => fingerprint === spare);
    const days = Math.floor((Date.now() / 1000 - (key?.created ?? 0)) / 86_400);
    if (days >= patience) return;
    throw new UserError(
      'signing.key',
      `${dir}: expected a spare key that hosts have had for ${patience} days, got one of ${days} days`,
      { hint: 'hosts without it would be stuck; where the active key is lost or stolen, add --now' },
    );
  }
}

function afterSwitch(dir: string, isProtected: boolean): string {
  return [
    'The spare key signs from now on, and there is a new spare. In this order:',
    '1. Commit the ring, which has the old, the new and the spare key, beside bakery.yaml:',
    `     cp ${join(dir, keyFiles.ring)} . && git add ${keyFiles.ring}`,
    '2. Let CI sign with the new key:',
    ...secretLines(join(dir, keyFiles.signingKey), isProtected),
    '3. Sign everything with it: run the workflow "Update all metadata", or bakery metadata --all.',
    '4. Give hosts the new ring; those with the extension bakery-keys, which step 3 publishes again, get it with',
    `   their next update. Wait until all have it: ${patience} days, if you cannot tell.`,
    `5. bakery key rotate ${dir} --drop, and hand that ring out too.`,
    '',
  ].join('\n');
}

function afterDrop(dir: string): string {
  return [
    'Only the active and the spare key are in the ring now. Commit it, and give it to hosts:',
    `     cp ${join(dir, keyFiles.ring)} . && git add ${keyFiles.ring}`,
    'Those with the extension bakery-keys get it once the metadata is written: run the workflow "Update all metadata",',
    'or bakery metadata --all.',
    'What the dropped keys signed, hosts with this ring refuse: releases keep their old SHA256SUMS.gpg.',
    'Where a key was stolen, dropping it is not enough: systemd 262 and newer believe any key that the primary certified.',
    'Make new keys with bakery key new, and give hosts their ring.',
    '',
  ].join('\n');
}
