import type { AddressInfo } from 'node:net';

/** The port of a TCP server that listens. */
export function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('expected a server that listens on TCP');
  return address.port;
}
