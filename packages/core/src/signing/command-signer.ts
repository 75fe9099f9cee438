import { UserError } from '../diagnostics/user-error.ts';
import { endedWith } from '../ports/last-lines.ts';
import type { FeedSigner } from './feed-signer.ts';
import { lastWords } from './gpg-home.ts';
import type { SigningContext } from './key-signer.ts';
import { keysOfRing, type Ring } from './ring.ts';
import { triedSigner } from './tried-signer.ts';

export interface SigningCommand {
  /** Program and arguments. */
  readonly argv: readonly string[];
  /** Where it runs. */
  readonly cwd: string;
  /** All it gets beside what every program gets: it is the operator’s own, and may talk to a card or a service. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Signs with a program that gets the manifest on stdin and prints an armored detached signature. */
export async function commandSigner(
  { argv, cwd, env }: SigningCommand,
  ring: Ring,
  context: SigningContext,
): Promise<FeedSigner> {
  const [program = '', ...args] = argv;
  const keys = await keysOfRing(ring, context);
  return triedSigner({
    ring,
    keys,
    expires: undefined,
    context,
    sign: async (input) => {
      const { code, stdout, stderr } = await context.exec.run(program, args, { input, cwd, env });
      if (code !== 0) {
        throw new UserError(
          'signing.failed',
          `sign.command: ${program} ${endedWith(code)}: ${lastWords(stderr)}`,
        );
      }
      if (stdout.startsWith('-----BEGIN PGP SIGNATURE-----')) return stdout;
      throw new UserError(
        'signing.failed',
        `sign.command: expected ${program} to print an armored OpenPGP signature, got other output`,
        {
          hint: 'with gpg that is --armor --detach-sign',
        },
      );
    },
  });
}
