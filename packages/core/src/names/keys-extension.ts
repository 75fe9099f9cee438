/** The extension that a bakery publishes of its own public keys. */
export const keysExtension = 'bakery-keys';
