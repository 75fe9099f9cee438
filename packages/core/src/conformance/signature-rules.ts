import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { manifestName, signatureNames } from '../names/manifest-name.ts';
import { type Ring, type SignedText, verifyAsHosts } from '../signing/ring.ts';
import { toolFor } from '../tools/known-tools.ts';
import { checkAbsent, checkPresent, type Observed } from './answer-rules.ts';
import type { ConformanceContext } from './check-hub.ts';
import { complain } from './complain.ts';
import { observe, read } from './observe.ts';

export interface Signatures {
  /** Whether there is one by any of the names. */
  readonly found: boolean;
  readonly complaints: readonly Diagnostic[];
}

const [asked = '', ...others] = signatureNames;

/**
 * The signature of a manifest, by the names systemd tries one after the other. Without a ring nothing can be said
 * of what it proves.
 */
export async function checkSignatures(
  manifest: Uint8Array,
  folder: string,
  ring: Ring | undefined,
  context: ConformanceContext,
): Promise<Signatures> {
  const { http } = context;
  const [first, ...rest] = await Promise.all([
    read(http, folder + asked),
    ...others.map(async (name) => ({ observed: await observe(http, folder + name, 'GET') })),
  ]);
  const answers = [first, ...rest].map(({ observed }) => observed);
  const complaints = answers.flatMap(checkAbsent);
  const there = answers.filter(isThere);
  if (there.length === 0) return { found: false, complaints };
  if (!isThere(first.observed)) {
    const expected = `${asked}, the only name systemd up to 257 asks for`;
    const got = there.map(({ url }) => url.slice(folder.length)).join(', ');
    return {
      found: true,
      complaints: [...complaints, complain('signature-name', 'error', folder, expected, got)],
    };
  }
  if (ring === undefined || first.bytes === undefined) return { found: true, complaints };
  const pair = { text: manifest, signature: first.bytes };
  return { found: true, complaints: [...complaints, ...(await checkSettled(pair, folder, ring, context))] };
}

const settles = 3000; // milliseconds; a manifest and its signature are replaced one directly after the other

async function checkSettled(
  pair: SignedText,
  folder: string,
  ring: Ring,
  context: ConformanceContext,
): Promise<readonly Diagnostic[]> {
  const wrong = await checkPair(pair, folder, ring, context);
  if (wrong.length === 0) return [];
  await context.sleep(settles);
  const [text, signature] = await Promise.all(
    [manifestName, asked].map(async (name) => (await read(context.http, folder + name)).bytes),
  );
  return text === undefined || signature === undefined
    ? wrong
    : checkPair({ text, signature }, folder, ring, context);
}

async function checkPair(
  pair: SignedText,
  folder: string,
  ring: Ring,
  context: ConformanceContext,
): Promise<readonly Diagnostic[]> {
  const place = folder + asked;
  try {
    const verified = await verifyAsHosts(pair, ring, context);
    if ('by' in verified) return [];
    const unknown = verified.found.filter(({ verdict }) => verdict === 'unknown key').map(({ key }) => key);
    if (unknown.length > 0) {
      const of = verified.found.length > 1 ? `${verified.found.length} signatures, of them ` : '';
      const expected = `nothing but signatures by keys of ${ring.place}`;
      return [complain('signature-key', 'error', place, expected, `${of}one by ${unknown.join(' and ')}`)];
    }
    if (verified.found.some(({ verdict }) => verdict === 'bad')) {
      const got = 'one of another text: somebody changed one of the two, or a run ended between them';
      return [
        complain('signature-stale', 'error', place, `a signature of the ${manifestName} beside it`, got),
      ];
    }
    return [complain('signature-broken', 'error', place, 'a detached OpenPGP signature', verified.why)];
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'program.missing') throw error;
    const { packages } = toolFor('gpg');
    const names = Object.entries(packages).map(([manager, name]) => `${manager} install ${name}`);
    const expected = 'gpg, to check the signature as systemd does, on this machine as on every host';
    return [complain('signature-unchecked', 'warning', place, expected, `none: ${names.join(', or ')}`)];
  }
}

function isThere(observed: Observed): boolean {
  return (
    observed.kind === 'answer' && [200, 206].includes(observed.status) && checkPresent(observed).length === 0
  );
}
