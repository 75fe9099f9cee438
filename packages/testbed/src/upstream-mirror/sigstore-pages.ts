import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { once, oncePerKey } from '@bakery/core/src/lifetime/once.ts';
import { type DetachedSignature, detachedSignature, type LogEntry } from '../detached-signature.ts';
import type { Identity } from '../sigstore-authority.ts';
import { type TufRepository, tufRepository } from '../tuf-repository.ts';
import { type Answer, withoutScheme } from './documents-of.ts';
import type { Asset } from './expand-downloads.ts';
import type { Fault } from './fault.ts';

/** What Sigstore and those who sign by it serve. */
export interface SigstorePages {
  /** The first root.json to believe in; `undefined` when nothing is signed so. */
  root(): Promise<Uint8Array | undefined>;
  /** What stands at an address without scheme; `question` is what was sent there. */
  answer(path: string, question: () => Promise<string>): Promise<Answer | undefined>;
}

export interface SignedBySigstore {
  readonly assets: readonly Asset[];
  readonly faultOf: (asset: Asset) => Fault | undefined;
  /** The bytes of an asset as upstream means them. */
  readonly meant: (address: string) => string | Uint8Array;
}

const tufHost = 'tuf-repo-cdn.sigstore.dev';
const log = 'rekor.sigstore.dev/api/v1/log/entries/retrieve';

/** Certificates, signatures, the log and the roots of trust, all truly signed; made when they are first needed. */
export function sigstorePages({ assets, faultOf, meant }: SignedBySigstore): SigstorePages {
  const signed = assets.filter(({ cosign }) => cosign !== undefined);
  const world = once(makeWorld);
  const made = new Map<string, Promise<DetachedSignature>>();
  const entries: LogEntry[] = [];

  function signatureOf(asset: Asset, who: Identity): Promise<DetachedSignature> {
    const fault = faultOf(asset);
    return oncePerKey(made, `${asset.url} ${fault}`, async () => {
      const { authority, stranger } = await world();
      const bytes = fault === 'of other bytes' ? 'something else' : meant(asset.url);
      const signer = fault === 'of another Sigstore' ? stranger : authority;
      const own = detachedSignature(await signer.signBlob(bytes, { ...who, ...otherwise(fault) }));
      if (fault !== 'unknown to the log') entries.push(own.entry);
      if (fault !== 'with another certificate') return own;
      const { certificate } = detachedSignature(await signer.signBlob(bytes, who));
      return { ...own, certificate };
    });
  }

  return {
    root: async () => (signed.length === 0 ? undefined : (await world()).tuf.root),
    answer: async (path, question) => {
      if (signed.length === 0) return undefined;
      if (path === log) return { body: JSON.stringify(known(entries, await question())) };
      if (path.startsWith(`${tufHost}/`)) return tufAnswer((await world()).tuf, path);
      for (const asset of signed) {
        const { signature = '', certificate = '', ...who } = asset.cosign ?? { identity: '', issuer: '' };
        const fault = faultOf(asset);
        if (path === withoutScheme(signature) && fault !== 'no signature')
          return { body: (await signatureOf(asset, who)).signature };
        if (path === withoutScheme(certificate) && fault !== 'no certificate')
          return { body: (await signatureOf(asset, who)).certificate };
      }
      return undefined;
    },
  };
}

async function makeWorld() {
  const { sigstoreAuthority } = await import('../sigstore-authority.ts'); // loads much that few mirrors need
  const [authority, stranger] = await Promise.all([sigstoreAuthority(), sigstoreAuthority()]);
  return { authority, stranger, tuf: tufRepository('trusted_root.json', authority.rootText) };
}

function tufAnswer({ files }: TufRepository, path: string): Answer | undefined {
  const body = files[path.slice(tufHost.length)];
  return body === undefined ? undefined : { body };
}

/** Who signs instead. */
function otherwise(fault: Fault | undefined): Partial<Identity> {
  if (fault === 'by another identity') return { identity: 'somebody@example.org' };
  if (fault === 'by another issuer') return { issuer: 'https://accounts.example.org' };
  return {};
}

const Question = z.object({ entries: z.array(z.looseObject({})) });

/** The log finds an entry by all of it. */
function known(entries: readonly LogEntry[], question: string): object[] {
  const { entries: wanted } = Question.parse(JSON.parse(question));
  return entries
    .filter(({ body }) => {
      const logged: unknown = JSON.parse(Buffer.from(body, 'base64').toString());
      return wanted.some((one) => isDeepStrictEqual(one, logged));
    })
    .map((entry, index) => ({ [`entry-${index}`]: entry }));
}
