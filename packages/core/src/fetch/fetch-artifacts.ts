import { basename } from 'node:path';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import pLimit from 'p-limit';
import type { DiagnosticPlace } from '../diagnostics/diagnostic.ts';
import { showPlace } from '../diagnostics/place.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { Arch } from '../names/arch.ts';
import type { Ports } from '../ports/ports.ts';
import type { Sleep } from './backoff.ts';
import type { Cache, CachedFile } from './cache.ts';
import { documents, type Documents, withKnown } from './documents.ts';
import { downloadNpm } from './download-npm.ts';
import { download, type DownloadRequest } from './download.ts';
import type { Fetched, Proof } from './fetched.ts';
import type { Expectation } from './integrity/expectation.ts';
import { expectHash, type Integrity, sumsOf } from './integrity/integrity.ts';
import { type LockFile, lockFileAt } from './integrity/lock.ts';
import type { Mirrors } from './mirrors.ts';
import { isNpmUrl } from './npm.ts';
import { proveArtifact, proveSums, type SignedSums } from './signature/prove-signature.ts';
import type { SignatureContext, SignatureProof } from './signature/signature-context.ts';
import type { Signature } from './signature/signature.ts';

/** A file to fetch and what must prove it. */
export interface Download {
  /** Where the entry stands in its recipe, or what else it is of; for errors. */
  readonly place: DiagnosticPlace;
  readonly url: string;
  readonly integrity: Integrity;
  /** Proved before the bytes are used, never ignored; key files are relative to the recipe’s folder. */
  readonly signature?: Signature;
}

export interface FetchContext extends Ports {
  readonly cache: Cache;
  readonly arch: Arch;
  readonly mirrors: Mirrors;
  /** Address of GitHub's API, no slash at the end. */
  readonly githubApi: string;
  /** Absolute path of the recipe’s folder. */
  readonly recipeFolder: string;
  /** Path of the recipe's `artifacts.lock.json`; it need not exist. */
  readonly lockFile: string;
  /** Nothing may be recorded in the lock file. */
  readonly locked: boolean;
  readonly offline: boolean;
  readonly sleep: Sleep;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Whom Sigstore trusts; asked for only when a signature needs it. */
  readonly trustedRoot: () => Promise<TrustedRoot>;
}

const parallelDownloads = 4; // fills a home line and a runner's; more only makes upstreams throttle

/** Fetches and proves everything, in the order given. The first failure stops the others and is thrown. */
export async function fetchArtifacts(
  downloads: readonly Download[],
  context: FetchContext,
): Promise<Fetched[]> {
  await context.cache.partials.tidy();
  const stop = new AbortController();
  const limit = pLimit(parallelDownloads);
  const session: Session = {
    ...context,
    documents: documents({ ...context, signal: stop.signal }),
    lock: lockFileAt(context.lockFile, context.locked),
    signal: stop.signal,
  };
  // Entries that share an address wait for each other, so that the bytes come once.
  const turns = new Map<string, Promise<unknown>>();
  const started = downloads.map((wanted) => {
    const before = turns.get(wanted.url);
    const mine = limit(async () => {
      await before?.catch(() => {});
      return fetchOne(wanted, session);
    });
    turns.set(wanted.url, mine);
    mine.catch((error: unknown) => stop.abort(error));
    return mine;
  });
  const settled = await Promise.allSettled(started);
  stop.signal.throwIfAborted();
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

interface Session extends FetchContext {
  readonly documents: Documents;
  readonly lock: LockFile;
  readonly signal: AbortSignal;
}

async function fetchOne(wanted: Download, session: Session): Promise<Fetched> {
  session.signal.throwIfAborted();
  try {
    return await fetchProved(wanted, session);
  } catch (error) {
    if (!(error instanceof UserError) || session.signal.aborted) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new UserError(error.code, `${showPlace(wanted.place)} ${error.message}`, { cause: error, ...hint });
  }
}

async function fetchProved(wanted: Download, session: Session): Promise<Fetched> {
  const { url, integrity, place } = wanted;
  const { lock, report, signal } = session;
  const sums = await signedSums(wanted, session);
  const known = sums === undefined ? session.documents : withKnown(session.documents, sums);
  const expectation = await expectHash(integrity, { ...session, documents: known, url, lockFile: lock });
  signal.throwIfAborted();
  if (expectation.kind === 'none') {
    report.warn(`${showPlace(place)} ${url}: fetched without a check: ${expectation.reason}`);
  }
  const expected = 'expected' in expectation ? expectation.expected : undefined;
  const file = await fetchBytes({ url, expected, proof: describe(expectation), signal }, session);
  const signature = sums?.proof ?? (await signedFile(wanted, file, session));
  if (expectation.kind === 'signature' && signature === undefined) {
    throw new UserError('fetch.no-signature', `${url}: expected a signature that proves it, got none`);
  }
  if (expectation.kind === 'lock' && expected === undefined) {
    await lock.record(url, file.sha256);
    report.info(`${url}: recorded sha256:${file.sha256} in ${basename(lock.path)}`);
  }
  return {
    ...file,
    url,
    proof: proofOf(expectation, file),
    ...(signature === undefined ? {} : { signature }),
  };
}

/** Who signed the file of sums, before anything in it is believed. */
async function signedSums(
  { url, integrity, signature }: Download,
  session: Session,
): Promise<SignedSums | undefined> {
  if (signature === undefined || signature.signs !== 'sums') return undefined;
  const address = sumsOf(integrity);
  if (address === undefined)
    throw new UserError('recipe.invalid', `${url}: expected {sums} or {from} for its signature, got none`);
  return withScratch(url, session, (context) => proveSums(signature, address, context));
}

/** Who signed the file itself, before anybody gets it. */
async function signedFile(
  { url, signature }: Download,
  { path, sha256 }: CachedFile,
  session: Session,
): Promise<SignatureProof | undefined> {
  if (signature === undefined || signature.signs !== 'artifact') return undefined;
  return withScratch(url, session, (context) =>
    proveArtifact(signature, { path, sha256, address: url }, context),
  );
}

async function withScratch<T>(
  url: string,
  session: Session,
  work: (context: SignatureContext) => Promise<T>,
): Promise<T> {
  const { partials } = session.cache;
  const scratch = await partials.scratch();
  try {
    return await work({ ...session, url, scratch });
  } finally {
    await partials.discard(scratch);
  }
}

function fetchBytes(request: DownloadRequest, session: Session): Promise<CachedFile> {
  return isNpmUrl(request.url) ? downloadNpm(request, session) : download(request, session);
}

function describe(expectation: Expectation): string {
  if (expectation.kind === 'signature') return 'its signature, checked whenever it is used';
  if (expectation.kind !== 'hash') return `${expectation.kind}: ${expectation.reason}`;
  const { algorithm, hex, source } = expectation.expected;
  return `${algorithm}:${hex} from ${source}`;
}

function proofOf(expectation: Expectation, { sha256 }: CachedFile): Proof {
  if (expectation.kind === 'hash') return { kind: 'hash', ...expectation.expected };
  if (expectation.kind === 'lock') return { kind: 'lock', sha256, reason: expectation.reason };
  return expectation;
}
