import type { Explained } from './explained.ts';

/** What keeps a feed from being signed, or a version from being attested. */
export const signingCodes = {
  'signing.no-key': {
    means: 'A feed must be signed, or has been until now, and there is no key to sign it with.',
    remedy: 'Set `BAKERY_SIGNING_KEY`, or set `sign: off` in bakery.yaml if that is intended.',
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
  'signing.no-schedule': {
    means: 'Indexes name a day (`sign.best-before`), and no workflow of the repository renews them in time.',
    remedy:
      'Give the workflow that calls `bake.yaml` a schedule of at least once a week, or leave the setting out.',
  },
  'verity.no-key': {
    means: 'Images are to have signed hash trees beside them, and there is no key, or no certificate of it.',
    remedy: 'Set `BAKERY_VERITY_KEY` and `BAKERY_VERITY_CERT`, or say `verity: off` in bakery.yaml.',
  },
  'verity.key': {
    means: 'The key for hash trees or its certificate cannot be read, or one is not of the other.',
    remedy: 'Give both as PEM, the key without a passphrase; docs/verity.md says how to make them.',
  },
  'verity.failed': {
    means: 'No hash tree can be made of an image.',
    remedy: 'Read what veritysetup said; an image of another tool must be a multiple of 4096 bytes.',
  },
  'attest.missing': {
    means: 'A version must be attested, and there is no attestation.',
    remedy: 'Give the publishing job `id-token: write` and `attestations: write`, or set `attest: auto`.',
  },
  'attest.bundle': {
    means: 'The file to publish is not an attestation, or attests other files.',
    remedy: 'Run the job again: it attests what it publishes.',
  },
} satisfies Readonly<Record<string, Explained>>;
