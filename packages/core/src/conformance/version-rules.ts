import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { allArches } from '../names/arch.ts';
import { imageName, parsePartName, passesForImage, sidecarKinds } from '../names/file-names.ts';
import { compareVersions, newestFirst } from '../systemd/compare.ts';
import { hasPrereleaseWord } from '../versions/prerelease.ts';
import { complain } from './complain.ts';
import { type FeedImage, matchesOf } from './feed-images.ts';
import type { ManifestLine } from './manifest-rules.ts';
import type { TransferFile } from './read-transfer.ts';

/** What is wrong with the versions an extension’s manifest lists, in the order systemd puts them. */
export function checkVersions(images: readonly FeedImage[], place: string): readonly Diagnostic[] {
  return [...Map.groupBy(images, ({ host }) => host).values()].flatMap((own) => {
    const versions = [...new Set(own.map(({ version }) => version))].toSorted(newestFirst);
    return [
      ...prereleases(versions, place),
      ...mixedStarts(versions, place),
      ...equals(versions, place),
      ...missingArches(own, versions, place),
    ];
  });
}

/** Four files are one version for hosts that fetch all of them: where one is missing they see none. */
export function checkSidecars(
  name: string,
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Diagnostic[] {
  const parts = lines.flatMap(({ name: file }) => {
    const id = parsePartName(file, name);
    return id === undefined ? [] : [{ image: imageName(id), kind: id.kind }];
  });
  return [...Map.groupBy(parts, ({ image }) => image)].flatMap(([image, own]) => {
    const there = new Set(own.map(({ kind }) => kind));
    const missing = (['raw', ...sidecarKinds] as const).filter((kind) => !there.has(kind));
    const isAlone = there.size === 1 && there.has('raw');
    if (isAlone || missing.length === 0) return [];
    const got = `no ${missing.map((kind) => `.${kind}`).join(' and no ')}`;
    return complain('version-sidecars', 'error', place, `${image} and all that belongs to it`, got);
  });
}

/** Characters that older hosts do not take for part of a version, so they never see the file. */
export function checkHidden(
  name: string,
  lines: readonly Pick<ManifestLine, 'name'>[],
  transfers: readonly TransferFile[],
  place: string,
): readonly Diagnostic[] {
  const found = transfers.flatMap((transfer) => matchesOf(transfer, lines, /^[!-.0-~]+$/));
  const files = [
    ...found.map(({ file }) => file),
    ...lines.map((line) => line.name).filter((file) => passesForImage(file) && file.startsWith(`${name}-`)),
  ];
  return [...new Set(files)]
    .filter((file) => /[~^:]/.test(file))
    .map((file) =>
      complain('version-charset', 'warning', place, 'a version of letters, digits and . , _ + -', file),
    );
}

/** `1.2.3-rc1` is newer than `1.2.3` for systemd: hosts would get it and stay on it. */
function prereleases(versions: readonly string[], place: string): readonly Diagnostic[] {
  const [newest] = versions;
  const trapped = versions.filter(hasPrereleaseWord).flatMap((pre) => {
    const final = versions.find(
      (other) => pre.startsWith(other) && pre !== other && compareVersions(pre, other) > 0,
    );
    if (final === undefined || hasPrereleaseWord(final)) return [];
    const got = `${pre}, which systemd takes for newer than ${final}`;
    return complain('version-prerelease', 'error', place, `${final} to be newer than its pre-releases`, got);
  });
  if (trapped.length > 0 || newest === undefined || !hasPrereleaseWord(newest)) return trapped;
  return [complain('version-prerelease', 'warning', place, 'a final version as the newest one', newest)];
}

function mixedStarts(versions: readonly string[], place: string): readonly Diagnostic[] {
  const [withV, without] = [true, false].map((v) => versions.find((one) => one.startsWith('v') === v));
  if (withV === undefined || without === undefined) return [];
  const got = `${withV} and ${without}, which systemd takes for newer whatever the numbers`;
  return [complain('version-mixed-v', 'error', place, 'all versions with a v, or none', got)];
}

function equals(versions: readonly string[], place: string): readonly Diagnostic[] {
  return versions.flatMap((version, index) => {
    const before = versions[index - 1];
    if (before === undefined || compareVersions(before, version) !== 0) return [];
    const got = `${before} and ${version}, which are one version for systemd`;
    return complain('version-equal', 'error', place, 'versions that differ', got);
  });
}

/** A host of the other arch does not see the version, and stays on an older one without a word. */
function missingArches(
  images: readonly FeedImage[],
  versions: readonly string[],
  place: string,
): readonly Diagnostic[] {
  const offered = allArches.filter((arch) => images.some((image) => image.arch === arch));
  const [newest] = versions;
  return offered.flatMap((arch) => {
    if (newest === undefined) return [];
    if (images.some((image) => image.arch === arch && image.version === newest)) return [];
    return complain('version-arch', 'warning', place, `the newest version, ${newest}, for ${arch}`, 'none');
  });
}
