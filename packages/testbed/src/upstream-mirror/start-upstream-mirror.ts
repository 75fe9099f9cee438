import { mkdtempDisposable } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patientServer } from '../patient-server.ts';
import { portOf } from '../port-of.ts';
import { archiveOf, fileOf } from './archive-of.ts';
import { type Answer, documentsOf, type Page, withoutScheme } from './documents-of.ts';
import { type Asset, expandDownloads } from './expand-downloads.ts';
import type { Fault, Faults } from './fault.ts';
import { type Fixture, loadFixtures, type Repository } from './fixture.ts';
import { gitPages } from './git-pages.ts';
import { moveProgram } from './program-member.ts';
import { clearSigned, type Signers, signaturesOf, signers } from './signatures-of.ts';
import { sigstorePages } from './sigstore-pages.ts';
import { type Entry, sha256, sumsText } from './sums-of.ts';

export interface UpstreamMirror extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** For BAKERY_MIRRORS: sends every https address here, `https://HOST/PATH` to `/HOST/PATH`. */
  readonly mirrors: string;
  /** Addresses asked for so far as upstream's users write them, queries included. */
  readonly log: readonly string[];
  /** Of these somebody wanted to know whether they are there, and maybe no more. */
  readonly looks: ReadonlySet<string>;
  /** Every file served, version documents and sums left out. */
  readonly assets: readonly Asset[];
  readonly repositories: readonly Repository[];
  /** Fingerprints and hashes that recipes name → those of the mirror's own keys and files. */
  readonly standIns: ReadonlyMap<string, string>;
  /** The first root.json to believe in where the mirror stands in for Sigstore. */
  sigstoreRoot(): Promise<Uint8Array | undefined>;
  spoil(url: string, fault: Fault): void;
  heal(): void;
}

/** Serves on loopback what the upstreams of these recipes serve, as `upstreams/NAME.yaml` describes it. */
export async function startUpstreamMirror(names: readonly string[]): Promise<UpstreamMirror> {
  const fixtures = await loadFixtures(names);
  const assets = fixtures.flatMap(expandDownloads);
  const faults = new Map<string, Fault>();
  const pages = new Map(fixtures.flatMap((fixture) => [...documentsOf(fixture)]));
  await using stack = new AsyncDisposableStack();
  const who = stack.use(signers());
  const files = filePages(assets, faults, who);
  addSignatures(files, { fixtures, assets, faults, who });
  const sigstore = sigstorePages({
    assets,
    faultOf: ({ url: address }) => faults.get(address),
    meant: meantBytes(assets, files, faults),
  });
  const log: string[] = [];
  const looks = new Set<string>();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'upstream-'))).path;
  const git = await gitPages(fixtures, folder, faults);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://mirror');
    const path = decodeURIComponent(pathname).slice(1);
    const asked = `https://${path}${search}`;
    log.push(asked);
    if (request.method === 'HEAD') looks.add(asked);
    if (await git(path, request, response)) return;
    const page = pages.get(path) ?? pages.get(pathname.slice(1)) ?? files.get(path);
    const found =
      page?.(searchParams, `https://${path}`) ?? (await sigstore.answer(path, () => textOf(request)));
    if (found === undefined) response.writeHead(404).end('Not Found\n');
    else response.writeHead(200, found.headers).end(request.method === 'HEAD' ? undefined : found.body);
  };
  const server = createServer(patientServer, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const owned = stack.move();
  return {
    url,
    mirrors: `https://=${url}/`,
    log,
    looks,
    assets,
    repositories: fixtures.flatMap((fixture) => fixture.repositories),
    standIns: new Map([
      ...fixtures.flatMap(({ key }): [string, string][] =>
        key === undefined ? [] : [[key['stands-for'], who.project.fingerprint]],
      ),
      ...assets.flatMap((asset): [string, string][] => {
        const { 'stands-for': theirs } = asset.download;
        return theirs === undefined ? [] : [[theirs, sha256(bytesOf(asset, false))]];
      }),
    ]),
    sigstoreRoot: () => sigstore.root(),
    spoil: (address, fault) => void faults.set(address, fault),
    heal: () => faults.clear(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Files = Map<string, (...request: Parameters<Page>) => Answer | undefined>;

/** Files, files of sums and GitHub's answers about one release, by address without scheme. */
function filePages(assets: readonly Asset[], faults: Faults, who: Signers): Files {
  const pages: Files = new Map();
  for (const asset of assets) pages.set(withoutScheme(asset.url), () => assetAnswer(asset, faults));
  const written = assets.flatMap((asset) => asset.sums.map((sums) => ({ asset, sums })));
  for (const [at, all] of Map.groupBy(written, ({ sums }) => sums.at)) {
    const entries = (): Entry[] =>
      all.map(({ asset, sums }) => ({ asset, sums, hash: hashOf(asset, faults) }));
    const isSigned = all.some(({ sums }) => sums.form === 'clear-signed');
    const fault = () => all.map(({ asset }) => faults.get(asset.url)).find((each) => each !== undefined);
    pages.set(withoutScheme(at), () => {
      const text = sumsText(entries());
      return { body: isSigned ? clearSigned(text, fault(), who) : text };
    });
  }
  const released = assets.filter(({ url, download }) => download.digest && releaseOf(url) !== undefined);
  for (const [release = '', all] of Map.groupBy(released, ({ url }) => releaseOf(url))) {
    pages.set(release, () => ({ body: JSON.stringify(releaseAnswer(release, all, faults)) }));
  }
  return pages;
}

/** The bytes of a file or of a file of sums, as upstream means them. */
function meantBytes(
  assets: readonly Asset[],
  files: Files,
  faults: Faults,
): (address: string) => string | Uint8Array {
  return (address) => {
    const asset = assets.find(({ url }) => url === address);
    if (asset !== undefined) return bytesOf(asset, faults.get(address) === 'missing member');
    return files.get(withoutScheme(address))?.(new URLSearchParams(), address)?.body ?? '';
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await Array.fromAsync(request)).toString();
}

interface SigningParts {
  readonly fixtures: readonly Fixture[];
  readonly assets: readonly Asset[];
  readonly faults: Faults;
  readonly who: Signers;
}

/** Signatures are of what upstream means: true to a wrong hash, not to a file that was changed on the way. */
function addSignatures(files: Files, { fixtures, assets, faults, who }: SigningParts): void {
  const meant = meantBytes(assets, files, faults);
  const context = { signers: who, faultOf: ({ url }: Asset) => faults.get(url), meant };
  for (const { at, body } of signaturesOf(fixtures, assets, context)) {
    files.set(at, () => {
      const found = body();
      return found === undefined ? undefined : { body: found };
    });
  }
}

function assetAnswer(asset: Asset, faults: Faults): Answer | undefined {
  const fault = faults.get(asset.url);
  if (fault === 'moved') return undefined;
  const bytes = bytesOf(asset, fault === 'missing member');
  // A hash in the recipe cannot be spoiled from here: what it is of can.
  const isSpoiled = fault === 'wrong checksum' && asset.download['stands-for'] !== undefined;
  if (fault === 'tampered' || isSpoiled)
    return { body: Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]) };
  return { body: fault === 'truncated' ? bytes.subarray(0, bytes.length / 2) : bytes };
}

/** What upstream says the hash is: true to an archive that lacks a member, too. */
function hashOf(asset: Asset, faults: Faults): string {
  const fault = faults.get(asset.url);
  if (fault === 'missing entry') return '';
  if (fault === 'wrong checksum') return sha256('something else');
  return sha256(bytesOf(asset, fault === 'missing member'));
}

function bytesOf(asset: Asset, withoutProgram: boolean): Buffer {
  const { url, version, arch, download } = asset;
  const { file, members = {} } = download;
  const facts = { version, arch };
  if (file !== undefined) return fileOf(url, file, facts);
  const left = withoutProgram ? moveProgram(members) : members;
  return archiveOf(url, left, facts);
}

function releaseOf(url: string): string | undefined {
  const [, repo, tag] =
    /^https:\/\/github\.com\/([^/]+\/[^/]+)\/releases\/download\/(.+)\/[^/]+$/.exec(url) ?? [];
  return repo === undefined ? undefined : `api.github.com/repos/${repo}/releases/tags/${tag}`;
}

function releaseAnswer(release: string, assets: readonly Asset[], faults: Faults): object {
  return {
    tag_name: release.split('/releases/tags/')[1],
    draft: false,
    prerelease: false,
    assets: assets
      .map((asset) => ({ url: asset.url, hash: hashOf(asset, faults) }))
      .filter(({ hash }) => hash !== '')
      .map(({ url, hash }) => ({
        name: url.split('/').at(-1),
        browser_download_url: url,
        state: 'uploaded',
        digest: `sha256:${hash}`,
      })),
  };
}
