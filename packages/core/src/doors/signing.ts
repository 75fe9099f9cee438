export { warnOfEnd } from '../signing/end-of-key.ts';
export type { FeedSigner } from '../signing/feed-signer.ts';
export type { GpgContext } from '../signing/gpg-home.ts';
export { keyFiles, readKeyFolder, writeKeyFolder } from '../signing/key-folder.ts';
export { defaultLifetime, dropRetired, KeyRoles, makeKeys, switchKeys } from '../signing/key-set.ts';
export { dayOf, keySigner } from '../signing/key-signer.ts';
export { keysOfRing, readRing, type Ring } from '../signing/ring.ts';
