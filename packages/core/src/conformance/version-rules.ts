import { allArches } from '../names/arch.ts';
import { parseImageName, type ImageId } from '../names/file-names.ts';
import { compareVersions, newestFirst } from '../systemd/compare.ts';
import { isPrerelease } from '../versions/prerelease.ts';
import { complain, type Complaint } from './complaint.ts';
import type { ManifestLine } from './manifest-rules.ts';

/** What is wrong with the versions an extension’s manifest lists, in the order systemd puts them. */
export function checkVersions(
  name: string,
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Complaint[] {
  const images = lines.flatMap(({ name: file }) => parseImageName(file, name) ?? []);
  const versions = [...new Set(images.map(({ version }) => version))].toSorted(newestFirst);
  return [
    ...hidden(name, lines, place),
    ...prereleases(versions, place),
    ...mixedStarts(versions, place),
    ...equals(versions, place),
    ...missingArches(images, versions, place),
  ];
}

/** Characters that older hosts do not take for part of a version, so they never see the file. */
function hidden(
  name: string,
  lines: readonly Pick<ManifestLine, 'name'>[],
  place: string,
): readonly Complaint[] {
  const images = lines.filter(
    ({ name: file }) =>
      file.startsWith(`${name}-`) && allArches.some((arch) => file.endsWith(`-${arch}.raw`)),
  );
  return images
    .filter(({ name: file }) => /[^A-Za-z0-9.,_+-]/.test(file))
    .map(({ name: file }) =>
      complain('version-charset', 'error', place, 'a version of letters, digits and . , _ + -', file),
    );
}

/** `1.2.3-rc1` is newer than `1.2.3` for systemd: hosts would get it and stay on it. */
function prereleases(versions: readonly string[], place: string): readonly Complaint[] {
  const [newest] = versions;
  const trapped = versions.filter(isPrerelease).flatMap((pre) => {
    const final = versions.find(
      (other) => pre.startsWith(other) && pre !== other && compareVersions(pre, other) > 0,
    );
    if (final === undefined || isPrerelease(final)) return [];
    const got = `${pre}, which systemd takes for newer than ${final}`;
    return complain('version-prerelease', 'error', place, `${final} to be newer than its pre-releases`, got);
  });
  if (trapped.length > 0 || newest === undefined || !isPrerelease(newest)) return trapped;
  return [complain('version-prerelease', 'warning', place, 'a final version as the newest one', newest)];
}

function mixedStarts(versions: readonly string[], place: string): readonly Complaint[] {
  const [withV, without] = [true, false].map((v) => versions.find((one) => one.startsWith('v') === v));
  if (withV === undefined || without === undefined) return [];
  const got = `${withV} and ${without}, which systemd takes for newer whatever the numbers`;
  return [complain('version-mixed-v', 'error', place, 'all versions with a v, or none', got)];
}

function equals(versions: readonly string[], place: string): readonly Complaint[] {
  return versions.flatMap((version, index) => {
    const before = versions[index - 1];
    if (before === undefined || compareVersions(before, version) !== 0) return [];
    const got = `${before} and ${version}, which are one version for systemd`;
    return complain('version-equal', 'error', place, 'versions that differ', got);
  });
}

/** A host of the other arch does not see the version, and stays on an older one without a word. */
function missingArches(
  images: readonly ImageId[],
  versions: readonly string[],
  place: string,
): readonly Complaint[] {
  const offered = allArches.filter((arch) => images.some((image) => image.arch === arch));
  const [newest] = versions;
  return offered.flatMap((arch) => {
    if (newest === undefined) return [];
    if (images.some((image) => image.arch === arch && image.version === newest)) return [];
    return complain('version-arch', 'warning', place, `the newest version, ${newest}, for ${arch}`, 'none');
  });
}
