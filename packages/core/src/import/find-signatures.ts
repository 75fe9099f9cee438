import type { ScriptEvent } from './recording.ts';

/** A check of a signature that a script makes, as far as a recipe can say it. */
export interface FoundSignature {
  /** Address of what is signed. */
  readonly file: string;
  /** What a recipe says of it, but for what it signs. */
  readonly entry: Readonly<Record<string, string>>;
  /** Files beside the script that it reads, which the recipe needs too. */
  readonly beside: readonly string[];
}

/** A check that has no place in the recipe: a line for a person. */
export interface OpenSignature {
  readonly line: number;
  readonly why: string;
}

export interface ScriptSignatures {
  readonly found: readonly FoundSignature[];
  readonly open: readonly OpenSignature[];
}

/** Reads the checks out of what a script did. A key that only upstream names proves nothing, so such a check stays open. */
export function findSignatures(events: readonly ScriptEvent[]): ScriptSignatures {
  const keys = argsOf('keys', events);
  const signers = argsOf('signer', events).filter((name) => /^[0-9A-F]{40}$/i.test(name));
  const read = events.flatMap((event): (FoundSignature | OpenSignature)[] => {
    if (event.kind === 'openpgp') return [ofOpenpgp(event, keys, signers)];
    if (event.kind === 'cosign') return [ofCosign(event)];
    return event.kind === 'attestation' ? [ofAttestation(event)] : [];
  });
  return {
    found: read.filter((one) => 'entry' in one),
    open: read.filter((one) => 'why' in one),
  };
}

function argsOf(wanted: string, events: readonly ScriptEvent[]): string[] {
  const found = events.flatMap(({ kind, args: [text = ''] }) => (kind === wanted ? [text] : []));
  return [...new Set(found)].filter((text) => text !== '');
}

const besideScript = 'beside:';

function ofOpenpgp(
  { line, args: [file = '', openpgp = ''] }: ScriptEvent,
  keys: readonly string[],
  signers: readonly string[],
): FoundSignature | OpenSignature {
  const [from = ''] = keys;
  const what = file === '' ? 'something' : file;
  if (!isAddress(file) || (openpgp !== '' && !isAddress(openpgp)))
    return { line, why: `checks ${what} with gpg; write it as a signature` };
  const isPinned = isBeside(from) || (isAddress(from) && signers.length === 1);
  if (keys.length !== 1 || !isPinned) {
    const wanted = 'with keys in a file of the recipe, or their address and the fingerprint as signer';
    return { line, why: `checks ${file} with gpg; write it as a signature, ${wanted}` };
  }
  const own = isBeside(from) ? [from.slice(besideScript.length)] : [];
  const [signer] = signers.length === 1 ? signers : [];
  return {
    file,
    entry: {
      ...(openpgp === '' ? { 'clear-signed': 'sums' } : { openpgp }),
      keys: own[0] ?? from,
      ...(signer === undefined ? {} : { signer: signer.toUpperCase() }),
    },
    beside: own,
  };
}

function ofCosign({
  line,
  args: [file = '', bundle = '', signature = '', certificate = '', identity = '', issuer = '', key = ''],
}: ScriptEvent): FoundSignature | OpenSignature {
  const what = file === '' ? 'something' : file;
  const isWhole = isAddress(file) && identity !== '' && issuer.startsWith('https://');
  if (isWhole && isAddress(bundle)) return { file, entry: { cosign: bundle, identity, issuer }, beside: [] };
  if (isWhole && isAddress(signature) && isAddress(certificate))
    return { file, entry: { cosign: signature, certificate, identity, issuer }, beside: [] };
  const cosign = [signature, bundle].find(isAddress);
  if (isAddress(file) && cosign !== undefined && isBeside(key)) {
    const own = key.slice(besideScript.length);
    return { file, entry: { cosign, key: own }, beside: [own] };
  }
  const wanted = 'with the identity and issuer that count, or a key in a file of the recipe';
  return { line, why: `checks ${what} with cosign; write it as a signature, ${wanted}` };
}

function ofAttestation({ line, args: [file = '', repo = ''] }: ScriptEvent): FoundSignature | OpenSignature {
  return isAddress(file) && /^[\w-]+\/[\w.-]+$/.test(repo)
    ? { file, entry: { attestation: repo }, beside: [] }
    : {
        line,
        why: `checks ${file === '' ? 'something' : file} with gh attestation; write it as a signature`,
      };
}

/** Of the script's own folder: a recipe has no folders for such files. */
function isBeside(text: string): boolean {
  return text.startsWith(besideScript) && !text.includes('/');
}

function isAddress(text: string): boolean {
  return text.startsWith('https://');
}
