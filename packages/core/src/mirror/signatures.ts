import { UserError } from '../diagnostics/user-error.ts';
import { globalTag, manifestName, signatureNames } from '../names/manifest-name.ts';
import { ringNames } from '../names/ring-names.ts';
import { verifyAsHosts } from '../signing/ring.ts';
import type { MetadataAsset } from '../store/store.ts';
import type { MirrorContext } from './context.ts';
import type { Source } from './source.ts';

export interface BinaryFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Pair {
  readonly text: string | undefined;
  readonly signatures: readonly BinaryFile[];
}

type PairContext = Omit<MirrorContext, 'store' | 'root'>;

const looks = 5;
const pause = 2000; // milliseconds; a source replaces one directly after the other

/**
 * A manifest and its signatures, as they belong together: those of another manifest would stop every host of the
 * copy. What was read while the source replaced them is read again, with the time that takes; a UserError when it
 * does not settle.
 */
export async function readPair(tag: string, context: PairContext): Promise<Pair> {
  const { source, sleep } = context;
  let text = await source.text(tag, manifestName);
  for (let look = 1; ; look++) {
    const signatures = text === undefined ? [] : await signaturesOf(tag, source);
    const again = signatures.length === 0 ? text : await source.text(tag, manifestName);
    const wrong = again === text ? await refusal(tag, { text, signatures }, context) : 'changes all the time';
    if (wrong === undefined) return { text, signatures };
    if (look === looks) {
      throw new UserError(
        'mirror.signature',
        `${source.name}: ${tag}: expected ${manifestName} and its signature to match: ${wrong}`,
        { hint: 'the copy keeps what it has; the next run tries again' },
      );
    }
    await sleep(pause);
    text = await source.text(tag, manifestName);
  }
}

/** Why a host with the ring of the source would refuse; nothing where that cannot be told. */
async function refusal(
  tag: string,
  { text, signatures }: Pair,
  context: PairContext,
): Promise<string | undefined> {
  const signature = signatures.find(({ name }) => name === signatureNames[0])?.bytes;
  if (text === undefined || signature === undefined) return undefined;
  const ring = await ringOf(context.source);
  if (ring === undefined) return undefined;
  try {
    const place = `${ring.name} of ${context.source.name}`;
    const verified = await verifyAsHosts({ text, signature }, { bytes: ring.bytes, place }, context);
    return 'why' in verified ? verified.why : undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'program.missing') throw error;
    context.report.warn(
      `${tag}: gpg is not installed, so nothing checks that ${manifestName} and its signature match`,
    );
    return undefined;
  }
}

async function signaturesOf(tag: string, source: Source): Promise<readonly BinaryFile[]> {
  return filesOf(tag, signatureNames, source);
}

async function filesOf(
  tag: string,
  names: readonly string[],
  source: Source,
): Promise<readonly BinaryFile[]> {
  const found = names.map(async (name) => ({ name, bytes: await source.bytes(tag, name) }));
  return (await Promise.all(found)).flatMap(({ name, bytes }) =>
    bytes === undefined ? [] : [{ name, bytes }],
  );
}

/** As files of a metadata release. */
export function binaryAssets(files: readonly BinaryFile[]): readonly MetadataAsset[] {
  return files.map(({ name, bytes }) => ({ name, text: bytes }));
}

/** One of the names is enough: all are the same keys. */
async function ringOf(source: Source): Promise<BinaryFile | undefined> {
  for (const name of ringNames) {
    const bytes = await source.bytes(globalTag, name);
    if (bytes !== undefined) return { name, bytes };
  }
  return undefined;
}

/** The public keys beside the index of everything. */
export async function ringsOf(source: Source): Promise<readonly BinaryFile[]> {
  return filesOf(globalTag, ringNames, source);
}
