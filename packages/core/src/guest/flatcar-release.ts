import { readFile } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import type { Download } from '../fetch/fetch-artifacts.ts';
import type { Fetched } from '../fetch/fetched.ts';
import type { Arch } from '../names/arch.ts';

/** What a user says of the Flatcar they want. */
export interface FlatcarChoice {
  /** Its newest release, unless `release` names one. */
  readonly channel: Channel;
  /** `MAJOR.MINOR.PATCH` */
  readonly release?: string;
  /** File of the keys that count instead of Flatcar's own. */
  readonly keys?: string;
}

export const channels = ['stable', 'beta', 'alpha', 'lts'] as const;
export type Channel = (typeof channels)[number];

/** One release for one architecture. */
export interface FlatcarRelease {
  readonly version: string;
  /** Address of its folder, `/` at the end. */
  readonly folder: string;
  readonly keys: Keys;
}

interface Keys {
  readonly keys: string;
  readonly signer?: string[];
}

/** Fetches files and proves them, in the order given. */
export type FetchFiles = (downloads: readonly Download[], arch: Arch) => Promise<Fetched[]>;

// The address may change what it serves, e.g. new subkeys every year; the fingerprint says whose they must be.
// It stands in flatcar/mantle (sdk/verify.go) and in Flatcar's own documents.
const flatcarKeys: Keys = {
  keys: 'https://www.flatcar.org/security/image-signing-key/Flatcar_Image_Signing_Key.asc',
  signer: ['F88CFEDEFF29A5B4D9523864E25D9AED0593B34A'],
};

const boards: Readonly<Partial<Record<Arch, string>>> = { 'x86-64': 'amd64-usr', arm64: 'arm64-usr' };

/** The release that is meant; the newest of a channel is what its signed version.txt says. */
export async function flatcarRelease(
  { channel, release, keys: own }: FlatcarChoice,
  arch: Arch,
  fetch: FetchFiles,
): Promise<FlatcarRelease> {
  const board = boards[arch];
  if (board === undefined)
    throw new UserError('input.invalid', `Flatcar: expected x86-64 or arm64, got ${arch}`);
  const keys = own === undefined ? flatcarKeys : { keys: own };
  const folderOf = (from: Channel, version: string): string =>
    `https://${from}.release.flatcar-linux.net/${board}/${version}/`;
  if (release !== undefined) {
    return { version: release, folder: folderOf(channelOf(release), release), keys };
  }
  const newest = { version: 'current', folder: folderOf(channel, 'current'), keys };
  const [file] = await fetch([flatcarFile('version.txt', newest, { kind: 'signature' })], arch);
  const text = file === undefined ? '' : await readFile(file.path, 'utf8');
  const [, version] = /^FLATCAR_VERSION=(\d+\.\d+\.\d+)$/m.exec(text) ?? [];
  if (version === undefined) {
    throw new UserError(
      'guest.failed',
      `${newest.folder}version.txt: expected a line FLATCAR_VERSION=MAJOR.MINOR.PATCH, got none`,
    );
  }
  return { version, folder: folderOf(channel, version), keys };
}

/** Flatcar's second number says where a release belongs. */
export function channelOf(release: string): Channel {
  const [, minor] = /^\d+\.(\d+)\.\d+$/.exec(release) ?? [];
  if (minor === undefined) {
    throw new UserError('input.invalid', `--release: expected MAJOR.MINOR.PATCH, got "${release}"`);
  }
  return (['alpha', 'beta', 'stable'] as const)[Number(minor)] ?? 'lts';
}

/** A file of a release, which must be signed; its hash lets a download go on where it broke off. */
export function flatcarFile(
  name: string,
  { version, folder, keys }: FlatcarRelease,
  integrity: Download['integrity'] = { kind: 'sums', sums: `${folder}${name}.DIGESTS` },
): Download {
  const url = `${folder}${name}`;
  return {
    place: { file: `Flatcar ${version}` },
    url,
    integrity,
    signature: { kind: 'openpgp', openpgp: `${url}.sig`, signs: 'artifact', ...keys },
  };
}
