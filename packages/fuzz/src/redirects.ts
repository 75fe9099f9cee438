import * as fc from 'fast-check';
import { downloadsUrl, homeUrl, redirectConfig } from '@bakery/redirect/config.ts';
import { redirect } from '@bakery/redirect/redirect.ts';
import { nastyText } from './edits.ts';
import { fuzzTarget } from './target.ts';

const config = redirectConfig({ repo: 'me/bakery' });
const pieces = fc.constantFrom(
  '/extensions/',
  'tool',
  '-1.0',
  '-x86-64.raw',
  'SHA256SUMS',
  '.gpg',
  '.conf',
  '/',
  '?a=b',
  '\\',
  '%0d%0aX: y',
  'https://evil.example/',
);
const paths = fc
  .array(fc.oneof({ arbitrary: pieces, weight: 4 }, { arbitrary: nastyText, weight: 1 }), { maxLength: 10 })
  .map((parts) => `/extensions/${parts.join('')}`);

/** Whatever is asked, hosts are sent into the releases of the repository, or as people to the repository itself, and nowhere else. */
export const redirects = fuzzTarget('redirect paths', 3000, paths, (path) => {
  const answer = redirect({ method: 'GET', path }, config);
  if (answer.kind !== 'redirect') return;
  if (answer.location === homeUrl(config)) return;
  const { href } = new URL(answer.location);
  const isClean = /^[!-~]+$/.test(answer.location) && !/%0[ad]/i.test(answer.location);
  if (href !== answer.location || !href.startsWith(downloadsUrl(config)) || !isClean) {
    throw new Error(`${path}: sent to ${JSON.stringify(answer.location)}`);
  }
});
