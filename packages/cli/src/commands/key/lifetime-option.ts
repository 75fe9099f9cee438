import { defaultLifetime } from '@bakery/core/signing.ts';

/** How long keys are good that a command makes. */
export const lifetimeOption = [
  '--lifetime <time>',
  'how long a signing key is good, as gpg writes it; hosts do not mind, it reminds you',
  defaultLifetime,
] as const;
