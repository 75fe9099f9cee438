import { UserError } from '../diagnostics/user-error.ts';
import { globalTag, signatureNames } from '../names/manifest-name.ts';
import { ringNames } from '../names/ring-names.ts';
import type { Store } from '../store/store.ts';
import { commandSigner, type SigningCommand } from './command-signer.ts';
import type { FeedSigner } from './feed-signer.ts';
import { keySigner, type SigningContext, type SigningKey } from './key-signer.ts';
import { readRing } from './ring.ts';

/** When a feed is signed: always, as soon as there is a key, or never. */
export type SignMode = 'required' | 'auto' | 'off';

export interface SigningChoice {
  readonly mode: SignMode;
  readonly command: SigningCommand | undefined;
  readonly key: SigningKey | undefined;
  /** File of the public keys hosts trust. */
  readonly ring: string | undefined;
}

/**
 * What a feed is signed with; `undefined` when it is not signed. UserError when it should be and cannot, so before
 * anything is written: hosts that check signatures would be stuck with an unsigned manifest.
 */
export async function openSigner(
  choice: SigningChoice,
  store: Pick<Store, 'name' | 'hasAny'>,
  context: SigningContext,
): Promise<FeedSigner | undefined> {
  const { mode, command, key } = choice;
  if (mode === 'off') return undefined;
  const ring = choice.ring === undefined ? undefined : await readRing(choice.ring, 'sign.ring');
  if (command !== undefined) {
    if (ring !== undefined) return commandSigner(command, ring, context);
    throw new UserError(
      'signing.ring',
      'sign.command: expected the public keys hosts trust as well, found no import-pubring.gpg',
      {
        hint: 'gpg --export FINGERPRINT >import-pubring.gpg beside bakery.yaml, or name the file as sign.ring',
      },
    );
  }
  if (key !== undefined) return keySigner(key, ring, context);
  if (mode === 'required') {
    throw new UserError(
      'signing.no-key',
      'sign: required: expected a key in BAKERY_SIGNING_KEY, or sign.command, got none',
      {
        hint: 'bakery key new DIR makes one and says where it belongs',
      },
    );
  }
  await refuseLostKey(store);
  return undefined;
}

/** Whether a feed is to be signed, as far as that shows where its key is not: in jobs that only look. */
export async function isToBeSigned(
  { mode, command, key, ring }: SigningChoice,
  store: Pick<Store, 'hasAny'>,
): Promise<boolean> {
  if (mode !== 'auto') return mode === 'required';
  return command !== undefined || key !== undefined || ring !== undefined || isSigned(store);
}

/** By what hosts find. The keys count too: a signature is out of its place while it is exchanged. */
function isSigned({ hasAny }: Pick<Store, 'hasAny'>): Promise<boolean> {
  return hasAny(globalTag, [...signatureNames, ...ringNames]);
}

/** A feed that was signed stays signed until somebody says otherwise: a secret that got lost is no reason. */
async function refuseLostKey(store: Pick<Store, 'name' | 'hasAny'>): Promise<void> {
  if (!(await isSigned(store))) return;
  throw new UserError(
    'signing.no-key',
    `${store.name}: is signed: expected its key in BAKERY_SIGNING_KEY, got none`,
    {
      hint: 'hosts that check signatures would be stuck; if that is intended, set sign: off in bakery.yaml',
    },
  );
}
