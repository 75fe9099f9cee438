import { baseName } from '@bakery/core/src/language/address.ts';
import { type OpenpgpSigner, openpgpSigner } from '../openpgp-signer.ts';
import { withoutScheme } from './documents-of.ts';
import { type Asset, keyAddresses } from './expand-downloads.ts';
import type { Fault } from './fault.ts';
import type { Fixture } from './fixture.ts';

/** The project of the mirror that signs, and one that does so in its name. */
export interface Signers extends Disposable {
  readonly project: OpenpgpSigner;
  readonly stranger: OpenpgpSigner;
}

/** Real keys, made when they are first needed. */
export function signers(): Signers {
  const made = new Map<string, OpenpgpSigner>();
  const make = (who: string): OpenpgpSigner => {
    const known = made.get(who) ?? openpgpSigner();
    made.set(who, known);
    return known;
  };
  return {
    get project() {
      return make('project');
    },
    get stranger() {
      return make('stranger');
    },
    [Symbol.dispose]: () => {
      for (const each of made.values()) each[Symbol.dispose]();
    },
  };
}

export interface SignedPage {
  /** Address without scheme. */
  readonly at: string;
  /** `undefined` for a 404. */
  readonly body: () => string | Uint8Array | undefined;
}

export interface SigningContext {
  readonly signers: Signers;
  readonly faultOf: (asset: Asset) => Fault | undefined;
  /** The bytes of an asset or of a file of sums, as upstream means them. */
  readonly meant: (address: string) => string | Uint8Array;
}

/** A text with the signature around it. */
export function clearSigned(text: string, fault: Fault | undefined, { project, stranger }: Signers): string {
  if (fault === 'no signature') return text;
  const signed = (fault === 'foreign signature' ? stranger : project).clearSigned(text);
  return fault === 'wrong signature' ? signed.replace(text, `${text}# and more\n`) : signed;
}

/** The key files and signatures of fixtures. */
export function signaturesOf(
  fixtures: readonly Fixture[],
  assets: readonly Asset[],
  context: SigningContext,
): SignedPage[] {
  const { signers: who, faultOf } = context;
  const keys = fixtures.flatMap(keyAddresses).map((at) => ({
    at: withoutScheme(at),
    body: () =>
      (assets.some((asset) => faultOf(asset) === 'foreign keys') ? who.stranger : who.project).publicKey,
  }));
  const files = assets.flatMap((asset) => [
    ...(asset.signature === undefined ? [] : [{ asset, at: asset.signature, of: asset.url }]),
    ...asset.sums.flatMap(({ at: of, signature }) =>
      signature === undefined ? [] : [{ asset, at: signature, of }],
    ),
  ]);
  const signatures = [...Map.groupBy(files, ({ at }) => at)].map(([at, all]) => ({
    at: withoutScheme(at),
    body: () => {
      const fault = all.map(({ asset }) => faultOf(asset)).find((each) => each !== undefined);
      if (fault === 'no signature') return undefined;
      const signer = fault === 'foreign signature' ? who.stranger : who.project;
      const [{ of } = { of: '' }] = all;
      const bytes = fault === 'wrong signature' ? 'something else' : context.meant(of);
      return signer.detached(bytes, { armoured: baseName(at).endsWith('.asc') });
    },
  }));
  return [...keys, ...signatures];
}
