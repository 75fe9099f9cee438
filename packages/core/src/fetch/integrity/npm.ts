import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { isNpmUrl, parseDist, parseNpmUrl, viewDist } from '../npm.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';
import { integrityKind } from './integrity-kind.ts';
import { parseHash } from './literal.ts';

/** The integrity the registry states for `npm:PACKAGE@VERSION`. */
export const npmIntegrity = integrityKind({
  kind: 'npm',
  form: 'npm',
  schema: z
    .literal('npm')
    .describe('The integrity hash in the npm registry.')
    .transform(() => ({ kind: 'npm' as const })),
  expect: (_value, context) => expectNpm(context),
  problem: (url) =>
    url.startsWith('npm:')
      ? undefined
      : 'expected another integrity for an address that is not npm:…, got "npm"',
});

async function expectNpm({ url, documents, exec, mirrors }: IntegrityContext): Promise<Expectation> {
  if (!isNpmUrl(url))
    throw new UserError('recipe.invalid', `${url}: integrity npm expects npm:PACKAGE@VERSION`);
  const wanted = parseNpmUrl(url);
  const source = `npm view ${wanted.name}@${wanted.version} dist`;
  const text = await documents.remember(source, () => viewDist(wanted, { exec, mirrors }));
  if (text === undefined)
    throw new UserError('fetch.no-hash', `${url}: expected this version in the registry, got none`);
  const { integrity } = parseDist(text, url);
  if (integrity !== undefined) return { kind: 'hash', expected: parseHash(integrity, source) };
  throw new UserError(
    'fetch.no-hash',
    `${url}: expected an integrity from the registry, got only a SHA-1 sum`,
    {
      hint: 'packages from before 2017 have none: use {literal} or {lock}',
    },
  );
}
