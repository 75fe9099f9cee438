import { baseName } from '@bakery/core/src/language/address.ts';
import { render, type Values } from '@bakery/core/src/language/template.ts';
import { allArches, type Arch } from '@bakery/core/src/names/arch.ts';
import { combinations } from '@bakery/core/src/recipe/combinations.ts';
import { commonValues } from '@bakery/core/src/recipe/placeholders.ts';
import type { Cosign, Document, Download, Fixture, Member, Sums } from './fixture.ts';

/** One file upstream serves. */
export interface Asset {
  /** As upstream's users write it. */
  readonly url: string;
  readonly version: string;
  readonly arch: Arch;
  readonly download: Download;
  /** Where its hash is written, addresses filled in. */
  readonly sums: readonly Sums[];
  /** Where its detached signature is. */
  readonly signature?: string;
  /** Where the signature of cosign and its certificate are, and who signed. */
  readonly cosign?: Cosign;
}

/** Every file of a fixture: each download for each version, architecture and value of `each`; each address once. */
export function expandDownloads(fixture: Fixture): Asset[] {
  const assets = fixture.downloads.flatMap((download) =>
    (download.versions ?? fixture.versions).flatMap((version) =>
      (download.arches ?? allArches).flatMap((arch) => expandOne(download, version, arch, fixture)),
    ),
  );
  return [...new Map(assets.map((asset) => [asset.url, asset])).values()];
}

/** The addresses and texts of a `file` document: one for each of its versions. */
export function expandFile(
  document: Extract<Document, { kind: 'file' }>,
  fixture: Fixture,
): { readonly url: string; readonly text: string }[] {
  if (document.versions === undefined) return [{ url: document.url, text: document.text }];
  return document.versions.map((version) => {
    const values = valuesOf(version, 'x86-64', '', fixture);
    return { url: render(document.url, values), text: render(document.text, values) };
  });
}

/** Where the key of a fixture is served. */
export function keyAddresses(fixture: Fixture): string[] {
  if (fixture.key === undefined) return [];
  const { at, versions } = fixture.key;
  if (versions === undefined) return [at];
  return versions.map((version) => render(at, valuesOf(version, 'x86-64', '', fixture)));
}

function expandOne(download: Download, version: string, arch: Arch, fixture: Fixture): Asset[] {
  const token = (download.arch ?? fixture.arch)[arch];
  if (token === undefined) return [];
  return combinations(download.each).map((chosen) => {
    const values = { ...valuesOf(version, arch, token, fixture), ...chosen };
    const url = render(download.url, values);
    const own = { ...values, url, base: baseName(url) };
    const signature = download.signature === undefined ? {} : { signature: render(download.signature, own) };
    return {
      url,
      version,
      arch,
      download: filledIn(download, own),
      sums: sumsOf(download, own),
      ...signature,
      ...cosignOf(download, own),
    };
  });
}

/** Paths and texts of members may hold placeholders, too. */
function filledIn(download: Download, values: Values): Download {
  if (download.members === undefined) return download;
  return { ...download, members: renderMembers(download.members, values) };
}

export function renderMembers(
  members: Readonly<Record<string, Member>>,
  values: Values,
): Record<string, Member> {
  return Object.fromEntries(
    Object.entries(members).map(([path, member]) => [render(path, values), renderMember(member, values)]),
  );
}

function renderMember(member: Member, values: Values): Member {
  if (typeof member === 'string') return member;
  const { text, members } = member;
  return {
    ...member,
    ...(text === undefined ? {} : { text: render(text, values) }),
    ...(members === undefined ? {} : { members: renderMembers(members, values) }),
  };
}

function cosignOf({ cosign }: Download, values: Values): Pick<Asset, 'cosign'> {
  if (cosign === undefined) return {};
  const { signature, certificate } = cosign;
  return {
    cosign: { ...cosign, signature: render(signature, values), certificate: render(certificate, values) },
  };
}

function sumsOf({ sums }: Download, values: Values): Sums[] {
  return sums.map((one) => ({
    ...one,
    at: render(one.at, values),
    ...(one.name === undefined ? {} : { name: render(one.name, values) }),
    ...(one.signature === undefined ? {} : { signature: render(one.signature, values) }),
    decoys: one.decoys.map((decoy) => render(decoy, values)),
  }));
}

function valuesOf(version: string, arch: Arch, token: string, { recipe }: Fixture): Values {
  return commonValues({ name: recipe, version, arch, archToken: token, options: {} });
}
