import { defaultLifetime } from '@bakery/core/signing.ts';

/** How long keys are good that a command makes. */
export const lifetimeOption = [
  '--lifetime <time>',
  'how long a signing key is valid, as gpg writes it; only a reminder, hosts ignore it',
  defaultLifetime,
] as const;
