import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { keyFiles, makeKeys, writeKeyFolder } from '@bakery/core/signing.ts';
import { done, type CommandContext } from '../../command-context.ts';
import { inNewFolder } from '../../new-folder.ts';
import { printJson } from '../../print.ts';
import { lifetimeOption } from './lifetime-option.ts';
import { secretLines } from './secret-lines.ts';

interface Options {
  readonly owner: string;
  readonly lifetime: string;
}

/** `key new DIR`: all keys of a feed. */
export function keyNewCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('make the keys of a feed')
      .description('Writes the keys of a feed into a new folder and says what belongs where.')
      .argument('<dir>', 'folder, new or empty; best on removable media')
      .option('--owner <name>', 'the name of the owner, as people will read it', 'sysext bakery')
      .option(...lifetimeOption)
      .action(
        action(async (dir: string, { owner, lifetime }: Options) => {
          const folder = resolve(io.cwd, dir);
          const passphrase = io.env['BAKERY_SIGNING_PASSPHRASE'] ?? '';
          const roles = await inNewFolder(folder, dir, async () => {
            const keys = await makeKeys(owner, { passphrase, lifetime }, io);
            await writeKeyFolder(folder, keys);
            return keys.roles;
          });
          if (globals().json === true) printJson(io.out, roles);
          else io.out.write(whatNow(dir, passphrase !== ''));
          return done;
        }),
      );
}

function whatNow(dir: string, isProtected: boolean): string {
  const at = (name: string): string => join(dir, name);
  return [
    `${at(keyFiles.ring)}  public: what hosts trust`,
    `${at(keyFiles.signingKey)}  secret: signs, for CI`,
    `${at('offline/')}  secret: primary and spare key, revocation`,
    ...(isProtected ? [] : ['No passphrase protects them: BAKERY_SIGNING_PASSPHRASE was not set.']),
    '',
    'Next:',
    '1. Let CI sign (on a laptop, set BAKERY_SIGNING_KEY to the file instead):',
    ...secretLines(at(keyFiles.signingKey), isProtected),
    '2. Commit the public keys beside bakery.yaml:',
    `     cp ${at(keyFiles.ring)} . && git add ${keyFiles.ring}`,
    '3. Sign what is published already: run the workflow "Update all metadata", or bakery metadata --all.',
    `4. Give hosts the public keys, as /etc/systemd/import-pubring.gpg and .pgp; docs/trust.md says how.`,
    `5. Take ${at('offline/')} away, twice, and delete ${at(keyFiles.signingKey)} here.`,
    '',
  ].join('\n');
}
