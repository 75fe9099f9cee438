import pLimit from 'p-limit';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { fileUrls } from '../hub/address.ts';
import { sidecarTransferNames, transferEndings, transferNames } from '../hub/transfer-names.ts';
import { parsePartName } from '../names/file-names.ts';
import { manifestName } from '../names/manifest-name.ts';
import type { Ring } from '../signing/ring.ts';
import { newestFirst } from '../systemd/compare.ts';
import { checkPresent, checkSizes } from './answer-rules.ts';
import type { ConformanceContext, ConformanceRequest, Index } from './check-hub.ts';
import { complain } from './complain.ts';
import { type FeedImage, feedImages } from './feed-images.ts';
import { type ManifestLine, readManifest } from './manifest-rules.ts';
import { hashOf, observe, read } from './observe.ts';
import { checkMatches, checkUnmatched } from './pattern-rules.ts';
import { isRemote, leadsTo, readTransfer, type TransferFile, valueOf } from './read-transfer.ts';
import { checkSignatures } from './signature-rules.ts';
import { checkWithSystemd } from './systemd.ts';
import { checkPair, checkTransfer } from './transfer-rules.ts';
import { checkHidden, checkSidecars, checkVersions } from './version-rules.ts';

export interface CheckedExtension {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly string[];
  readonly images: number;
  readonly transfers: readonly string[];
  readonly isSigned: boolean;
  readonly complaints: readonly Diagnostic[];
}

/** What holds for all extensions of a hub. */
export interface Hub {
  readonly everything: Index | undefined;
  /** The public keys that signatures are held against. */
  readonly ring: Ring | undefined;
}

const requestsAtOnce = 8; // a hub that cannot bear that has other troubles

/** Checks the folder of one extension. */
export async function checkExtension(
  name: string,
  { everything, ring }: Hub,
  request: ConformanceRequest,
  context: ConformanceContext,
): Promise<CheckedExtension> {
  const [place = ''] = fileUrls(request.url, name, manifestName);
  const folder = place.slice(0, -manifestName.length);
  const { observed, bytes } = await read(context.http, place);
  const missing = checkPresent(observed);
  if (bytes === undefined || missing.length > 0) {
    return { name, versions: [], images: 0, transfers: [], isSigned: false, complaints: missing };
  }
  const { lines, complaints } = readManifest(bytes, place, request.today);
  const main = await readTransfers([name], folder, context);
  const images = feedImages(name, lines, main);
  const versions = [...new Set(images.map(({ version }) => version))].toSorted(newestFirst);
  const streams = transferNames(name, versions).filter((base) => base !== name);
  const sidecars = lines.filter(({ name: file }) => (parsePartName(file, name)?.kind ?? 'raw') !== 'raw');
  const proved = [...new Set(sidecars.flatMap(({ name: file }) => parsePartName(file, name)?.version ?? []))];
  const others = [...streams, ...sidecarTransferNames(name, proved)];
  const transfers = [...main, ...(await readTransfers(others, folder, context))];
  const signatures = await checkSignatures(bytes, folder, ring, context);
  const indexes: readonly [Index, ...Index[]] = [
    { folder, lines },
    ...(everything === undefined ? [] : [everything]),
  ];
  const isSigned = signatures.found;
  const found: Diagnostic[] = [
    ...complaints,
    ...(images.length === 0 && complaints.length === 0
      ? [complain('index-empty', 'error', place, `images of ${name}`, 'none')]
      : []),
    ...checkVersions(images, place),
    ...checkSidecars(name, lines, place),
    ...checkHidden(name, lines, transfers, place),
    ...checkCompressions(images, place),
    ...signatures.complaints,
    ...checkTransfers(name, transfers, indexes, { folder, isSigned }),
    ...(await checkImages([...images, ...sidecars], folder, request, context)),
  ];
  if (request.systemd && complaints.length === 0) {
    const transfer = main.find(({ file }) => file.endsWith('.transfer')) ?? main[0];
    for (const one of await checkWithSystemd({ name, transfer, folder, images }, context)) found.push(one);
  }
  return {
    name,
    versions,
    images: images.length,
    transfers: transfers.map(({ file }) => file),
    isSigned,
    complaints: found,
  };
}

function checkCompressions(images: readonly FeedImage[], place: string): readonly Diagnostic[] {
  const newer = images.filter(({ name }) => name.endsWith('.zst'));
  const expected = 'an image that systemd up to 257 can unpack: .xz, .gz, .bz2 or none';
  return newer.map((image) => complain('image-compression', 'warning', place, expected, image.name));
}

async function readTransfers(
  names: readonly string[],
  folder: string,
  { http }: ConformanceContext,
): Promise<readonly TransferFile[]> {
  const limit = pLimit(requestsAtOnce);
  const files = names.flatMap((base) => transferEndings.map((ending) => `${base}.${ending}`));
  const texts = files.map((file) =>
    limit(async () => {
      const { observed, bytes } = await read(http, folder + file);
      if (bytes === undefined || checkPresent(observed).length > 0) return [];
      return [readTransfer(file, Buffer.from(bytes).toString('utf8'))];
    }),
  );
  return (await Promise.all(texts)).flat();
}

function checkTransfers(
  name: string,
  transfers: readonly TransferFile[],
  indexes: readonly [Index, ...Index[]],
  { folder, isSigned }: { readonly folder: string; readonly isSigned: boolean },
): readonly Diagnostic[] {
  if (!transfers.some(({ file }) => file === `${name}.conf` || file === `${name}.transfer`)) {
    const got = transfers.length === 0 ? 'none' : transfers.map(({ file }) => file).join(', ');
    return [complain('transfer-missing', 'warning', folder, `${name}.conf and ${name}.transfer`, got)];
  }
  const [own] = indexes;
  const bases = [...new Set(transfers.map(({ file }) => file.replace(/\.[a-z]+$/, '')))];
  const each = transfers.flatMap((transfer) => {
    const place = folder + transfer.file;
    const faults = checkTransfer(transfer, { name, place, isSigned });
    if (!isRemote(transfer)) return faults;
    const index = indexes.find((one) => leadsTo(transfer, one.folder));
    const path = valueOf(transfer, 'Source.Path') ?? 'nothing';
    const elsewhere = complain('transfer-elsewhere', 'warning', place, `Path=${folder}`, path);
    return [
      ...faults,
      ...(index === undefined ? [elsewhere] : []),
      ...checkMatches(name, transfer, (index ?? own).lines, place),
    ];
  });
  return [
    ...each,
    ...bases.flatMap((base) => checkPair(base, transfers, folder)),
    ...checkUnmatched(name, transfers, own.lines, folder + manifestName),
  ];
}

async function checkImages(
  images: readonly ManifestLine[],
  folder: string,
  { deep }: ConformanceRequest,
  { http }: ConformanceContext,
): Promise<readonly Diagnostic[]> {
  const limit = pLimit(requestsAtOnce);
  const each = images.map(({ name, sha256 }) =>
    limit(async () => {
      const url = folder + name;
      const get = await observe(http, url, 'GET');
      const problems = checkSizes(await observe(http, url, 'HEAD'), get);
      if (!deep || problems.some(({ severity }) => severity === 'error')) return problems;
      const got = await hashOf(http, url);
      if (got === sha256) return problems;
      return [
        ...problems,
        complain('image-hash', 'error', url, `sha256 ${sha256}`, got ?? 'a broken download'),
      ];
    }),
  );
  return (await Promise.all(each)).flat();
}
