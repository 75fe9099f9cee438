export { chooseOptions } from '../release/choose-options.ts';
export { affordable } from '../release/affordable.ts';
export { type Created, createImage } from '../release/create.ts';
export { showEnd } from '../release/ending.ts';
export { badgeOf } from '../release/badge.ts';
export { type ExtensionStatus, extensionStatuses } from '../release/extension-status.ts';
export { findVersion } from '../release/find-version.ts';
export { gitState } from '../release/git-state.ts';
export { artifactName, artifactPattern, checkHandedOver } from '../release/handed-over.ts';
export { type ImageSettings, requirePackable } from '../release/image-settings.ts';
export { whatLacks } from '../release/incomplete.ts';
export { indexDays, warnOfDays } from '../release/index-days.ts';
export { rememberRebuilds } from '../release/remember-rebuilds.ts';
export { requireKnown } from '../release/require-known.ts';
export { requireReason } from '../release/require-reason.ts';
export { updateExtensionMetadata } from '../release/metadata.ts';
export { publishedExtensions, publishedVersions } from '../release/published-versions.ts';
export { requireOwn } from '../release/own-output.ts';
export { ownVersion, showVersion } from '../release/own-version.ts';
export { newestPublished } from '../release/newest-published.ts';
export {
  isSettled,
  type Otherwise,
  otherwiseMarkdown,
  readOtherwise,
  showOtherwise,
} from '../release/otherwise.ts';
export { type Plan, type Wanted } from '../release/plan.ts';
export { postponedBy, showRunsLeft, whatWaits } from '../release/postponed.ts';
export { type Flight, preflight, refuseObstacles, showObstacle } from '../release/preflight.ts';
export { publishImages, subjectsOfImages } from '../release/publish-images.ts';
export { recipeToRebuild } from '../release/published-keys.ts';
export { type ReadBack, readBack } from '../release/read-back.ts';
export { publishedInputs, rebuildImage, type Rebuilt } from '../release/rebuild.ts';
export { parseReleaseList, type ReleaseEntry } from '../release/release-list.ts';
export { type Checked, checkReleases } from '../release/check-releases.ts';
export { release, type Released } from '../release/release.ts';
export { type UpdatedMetadata, updateMetadata } from '../release/update-metadata.ts';
export { showRetired } from '../release/remove-retired.ts';
export { showRebuilt } from '../release/show-rebuilt.ts';
export type { Failure, VersionRequest } from '../release/resolve-wanted.ts';
export { type Stale, staleVersions } from '../release/stale.ts';
export {
  type Failing,
  nextStatus,
  readStatus,
  type Status,
  statusFile,
  writeStatus,
} from '../release/status-file.ts';
export { transferFilesOf } from '../release/transfer-files.ts';
export { imageInputsName, missingImages } from '../release/version-images.ts';
export { versionInputs } from '../release/version-inputs.ts';
export { judgedAs, spoiledAs } from '../release/judged-rebuild.ts';
export { listedRequests, readRequest } from '../release/version-requests.ts';
export { readWithdrawals } from '../release/withdrawn.ts';
export { undoYank, yank, type Yanked, type YankRequest } from '../release/yank.ts';
