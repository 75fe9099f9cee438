import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { fileUrls } from '../hub/address.ts';
import { globalTag } from '../names/manifest-name.ts';
import { ringNames } from '../names/ring-names.ts';
import { keysOfRing, type Ring } from '../signing/ring.ts';
import { checkPresent } from './answer-rules.ts';
import type { ConformanceContext } from './check-hub.ts';
import { complain } from './complain.ts';
import { read } from './observe.ts';

export interface HubRing {
  /** What signatures can be checked with, where the hub has it in a form that systemd reads. */
  readonly ring: Ring | undefined;
  readonly complaints: readonly Diagnostic[];
}

/** The public keys a hub hands out, under both names that systemd reads. */
export async function checkRing(url: string, context: ConformanceContext): Promise<HubRing> {
  const found = (await Promise.all(ringNames.map((name) => readRing(url, name, context)))).flat();
  const [first, second] = found;
  if (first === undefined) return { ring: undefined, complaints: [] };
  const problem = await readingOf(first, context);
  if (problem !== undefined) return { ring: undefined, complaints: [problem] };
  if (second !== undefined && Buffer.from(first.bytes).equals(second.bytes))
    return { ring: first, complaints: [] };
  const expected = `${ringNames.join(' and ')} alike`;
  const pair =
    second === undefined
      ? complain('ring-pair', 'warning', first.place, expected, 'only this one')
      : complain('ring-pair', 'error', first.place, expected, 'two rings');
  return { ring: first, complaints: [pair] };
}

async function readRing(url: string, name: string, { http }: ConformanceContext): Promise<readonly Ring[]> {
  for (const place of fileUrls(url, globalTag, name)) {
    const { observed, bytes } = await read(http, place);
    if (bytes !== undefined && checkPresent(observed).length === 0) return [{ bytes, place }];
  }
  return [];
}

async function readingOf(ring: Ring, context: ConformanceContext): Promise<Diagnostic | undefined> {
  try {
    await keysOfRing(ring, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code === 'program.missing') return undefined; // told with the first signature
    const expected = 'public OpenPGP keys in binary form, as systemd reads no other';
    const got =
      Buffer.from(ring.bytes.subarray(0, 5)).toString('latin1') === '-----' ? 'an armored ring' : 'no keys';
    return complain('ring-form', 'error', ring.place, expected, got);
  }
}
