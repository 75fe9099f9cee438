import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { readNamed } from '@bakery/core/lifetime.ts';
import { indexDays, warnOfDays } from '@bakery/core/release.ts';
import { dayOf, type FeedSigner, keyFiles, keySigner, warnOfEnd } from '@bakery/core/signing.ts';
import { done, type CommandContext } from '../../command-context.ts';
import { printJson } from '../../print.ts';
import { readRing } from './read-ring.ts';

/** `key check [DIR]`: whether the key signs what hosts would accept, and for how long. */
export function keyCheckCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('sign something and verify it as hosts do')
      .description(
        'Signs a sample and verifies it with the ring, as systemd does: with the keys in DIR, or with what a release ' +
          'here would sign with (BAKERY_SIGNING_KEY or sign.command). Warns 60 days before the key ends, and when an index ' +
          'that names a day (sign.best-before) was not renewed.',
      )
      .argument('[dir]', 'folder that bakery key new made')
      .action(
        action(async (dir?: string) => {
          const bakery = dir === undefined ? await openBakery(globals(), io) : undefined;
          const signer = dir === undefined ? await bakery?.signer() : await inFolder(dir);
          if (signer === undefined) {
            throw new UserError(
              'signing.no-key',
              'key check: expected a key in BAKERY_SIGNING_KEY or sign.command, got none',
              {
                hint: 'bakery key new DIR makes one; bakery key check DIR looks at a folder',
              },
            );
          }
          const { fingerprint, expires } = signer;
          const warning = warnOfEnd(signer, Date.now());
          if (globals().json === true) printJson(io.out, { fingerprint, until: dayOf(expires), warning });
          else
            io.out.write(`signs, and the ring verifies it: ${fingerprint}, good until ${dayOf(expires)}\n`);
          if (warning !== undefined) io.report.warn(warning);
          if (bakery?.bestBefore === undefined) return done;
          const late = warnOfDays(await indexDays(bakery.store, bakery.recipeBook.names), Date.now());
          if (late !== undefined) io.report.warn(late);
          return done;
        }),
      );

  async function inFolder(dir: string): Promise<FeedSigner> {
    const folder = resolve(io.cwd, dir);
    const place = join(dir, keyFiles.signingKey);
    const bytes = await readNamed(
      join(folder, keyFiles.signingKey),
      (found) =>
        new UserError('signing.key', `${place}: expected the key that signs, found ${found}`, {
          hint: `bakery key new DIR makes keys; ${keyFiles.signingKey} is one of their files`,
        }),
    );
    const text = bytes.toString('latin1');
    const ring = await readRing(join(folder, keyFiles.ring));
    const key = { text, place, passphrase: io.env['BAKERY_SIGNING_PASSPHRASE'] };
    return keySigner(key, ring, { ...io, now: Date.now });
  }
}
