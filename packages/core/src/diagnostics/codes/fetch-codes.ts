import type { Explained } from './explained.ts';

/** Downloads, what proves them, and GitHub. */
export const fetchCodes = {
  'fetch.address': {
    means: 'An address cannot be asked: it is malformed, carries a password, or is of another protocol.',
    remedy: 'Write `https://HOST/PATH`, or `npm:PACKAGE@VERSION`.',
  },
  'fetch.unreachable': {
    means: 'A server cannot be reached, or keeps closing the connection.',
    remedy: 'Check the network and proxies, and run again: downloads resume.',
  },
  'fetch.status': {
    means: 'A server answered with an error.',
    remedy: 'Run again later; if it persists, check the address.',
  },
  'fetch.not-found': {
    means: 'A file does not exist at its address.',
    remedy: 'Check the address in the recipe; upstream may have renamed or removed the file.',
  },
  'fetch.redirect': {
    means: 'A redirect leads to plain HTTP, into a private network, or in circles.',
    remedy: 'Check the address; if the redirect is right, add a mirror for it to `bakery.yaml`.',
  },
  'fetch.too-large': { means: 'A response is larger than allowed.', remedy: 'Check the address.' },
  'fetch.too-slow': {
    means: 'A server sends less than the minimum rate.',
    remedy: 'Run again later, or set a mirror.',
  },
  'fetch.offline': {
    means: '`--offline` is set, and what is needed is not in the cache.',
    remedy: 'Run once without `--offline`.',
  },
  'fetch.cache': { means: 'The cache contains something other than it should.', remedy: 'Delete the cache.' },
  'fetch.npm': {
    means: 'npm could not get a package.',
    remedy: 'Check the name and npm’s settings; `npm view PACKAGE` shows the same failure.',
  },
  'fetch.wrong-hash': {
    means: 'A download is not the file that its hash describes.',
    remedy: 'Do not use it. Find out whether upstream replaced the file, and why.',
  },
  'fetch.no-hash': {
    means: 'The hash that the recipe expects upstream to publish is not there.',
    remedy: 'Find out where upstream publishes it now, and update `integrity`.',
  },
  'fetch.unreadable-hash': {
    means: 'A checksum file cannot be parsed, or contradicts itself.',
    remedy: 'Look at the file; if its format changed, update `integrity`.',
  },
  'fetch.not-locked': {
    means: '`--locked` is set, and no hash is recorded for the download.',
    remedy: 'Run once without `--locked`, and commit the recorded hash.',
  },
  'fetch.no-signature': {
    means: 'A signature that the recipe expects upstream to publish is not there.',
    remedy: 'Find out where upstream publishes it now, and update `signature`.',
  },
  'fetch.wrong-signature': {
    means: 'A signature does not match the file, or is not by the expected signer.',
    remedy: 'Do not use the file. Find out whether upstream changed its keys, and why.',
  },
  'fetch.unreadable-signature': {
    means: 'The file where a signature should be is not one of the expected kind.',
    remedy: 'Check the address and the kind of the signature in the recipe.',
  },
  'fetch.keys': {
    means: 'Keys to check a signature with are missing, or not the expected ones.',
    remedy: 'Compare them with what upstream announces, then update the recipe.',
  },
  'fetch.trusted-root': {
    means: 'Sigstore’s roots of trust cannot be fetched.',
    remedy: 'Check the network, or set a mirror for them.',
  },
  'github.refused': {
    means: 'GitHub refused a request.',
    remedy: 'Check the token and its permissions; the message says which it needs.',
  },
  'github.busy': {
    means: 'GitHub’s request limit is reached, or GitHub is down.',
    remedy: 'Run again at the time shown; finished work is kept.',
  },
  'github.unexpected': {
    means: 'A response is not what GitHub documents.',
    remedy: 'Check what is in between (a proxy, a mirror), and run again.',
  },
} satisfies Readonly<Record<string, Explained>>;
