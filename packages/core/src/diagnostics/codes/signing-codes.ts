import type { Explained } from './explained.ts';

/** What keeps a feed from being signed, or a version from being attested. */
export const signingCodes = {
  'signing.no-key': {
    means: 'A feed must be signed, or was until now, and there is no key to sign it with.',
    remedy: 'Set `BAKERY_SIGNING_KEY`, or say `sign: off` in bakery.yaml where that is meant.',
  },
  'signing.key': {
    means: 'A key cannot be read, cannot sign, has expired or is not in the ring that hosts have.',
    remedy: '`bakery key check` tells what is wrong; `bakery key rotate` goes on with the spare key.',
  },
  'signing.ring': {
    means: 'The public keys that hosts trust are missing, or systemd could not read them.',
    remedy: 'Take `import-pubring.gpg` from the folder that `bakery key new` made.',
  },
  'signing.failed': {
    means: 'gpg, or the command that signs, failed, or made a signature that hosts would refuse.',
    remedy: 'Read what it said; `BAKERY_SIGNING_PASSPHRASE` holds the passphrase of a key that has one.',
  },
  'attest.missing': {
    means: 'A version must be attested, and no attestation of it came.',
    remedy:
      'Let the job that publishes have `id-token: write` and `attestations: write`, or say `attest: auto`.',
  },
  'attest.bundle': {
    means: 'The attestation to publish is none, or one of other files than the version has.',
    remedy: 'Run the job again: it attests what it publishes.',
  },
} satisfies Readonly<Record<string, Explained>>;
