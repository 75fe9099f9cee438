import type { Bakery } from '@bakery/core/bakery.ts';
import { dayOf, warnOfEnd } from '@bakery/core/signing.ts';
import { log } from './log.ts';
import type { Chapter } from './summary.ts';

/** Whether hosts can tell the feed from a forged one, in plain words. */
export async function signatureChapter({ signer }: Pick<Bakery, 'signer'>): Promise<Chapter> {
  const signed = await signer();
  if (signed === undefined) {
    const text =
      'Not signed: there is no key, so hosts cannot tell these files from an attacker’s. ' +
      'bakery key new DIR makes keys and says where they belong.';
    return { title: 'Signature', text };
  }
  const warning = warnOfEnd(signed, Date.now());
  if (warning !== undefined) log.warning(warning);
  const text = `Signed by ${signed.fingerprint}, whose key is good until ${dayOf(signed.expires)}.`;
  return { title: 'Signature', text: warning === undefined ? text : `${text} Soon over: ${warning}.` };
}
