/** What systemd reads the keys from: up to 257 the first, newer ones either. */
export const ringNames: readonly string[] = ['import-pubring.gpg', 'import-pubring.pgp'];
