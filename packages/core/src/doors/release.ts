export { chooseOptions } from '../release/check/choose-options.ts';
export { affordable } from '../release/budget/affordable.ts';
export { type Created, createImage } from '../release/create/create.ts';
export { showEnd } from '../release/check/ending.ts';
export { badgeOf } from '../release/check/badge.ts';
export { type ExtensionStatus, extensionStatuses } from '../release/check/extension-status.ts';
export { findVersion } from '../release/check/find-version.ts';
export { gitState } from '../release/create/git-state.ts';
export { artifactName, artifactPattern, checkHandedOver } from '../release/create/handed-over.ts';
export { type ImageSettings, requirePackable } from '../release/check/image-settings.ts';
export { whatLacks } from '../release/check/incomplete.ts';
export { indexDays, warnOfDays } from '../release/history/index-days.ts';
export { rememberRebuilds } from '../release/rebuild/remember-rebuilds.ts';
export { requireKnown } from '../release/history/require-known.ts';
export { requireReason } from '../release/require-reason.ts';
export { updateExtensionMetadata } from '../release/metadata/metadata.ts';
export { publishedExtensions, publishedVersions } from '../release/history/published-versions.ts';
export { requireOwn } from '../release/create/own-output.ts';
export { ownVersion, showVersion } from '../release/create/own-version.ts';
export { newestPublished } from '../release/metadata/newest-published.ts';
export {
  isSettled,
  type MadeWith,
  type Otherwise,
  otherwiseMarkdown,
  readMadeWith,
  readOtherwise,
  showOtherwise,
} from '../release/rebuild/otherwise.ts';
export { type Plan, type Wanted } from '../release/check/plan.ts';
export { postponedBy, showRunsLeft, whatWaits } from '../release/metadata/postponed.ts';
export { type Flight, preflight, refuseObstacles, showObstacle } from '../release/check/preflight.ts';
export { publishImages, subjectsOfImages } from '../release/publish/publish-images.ts';
export { recipeToRebuild } from '../release/metadata/published-keys.ts';
export { type ReadBack, readBack } from '../release/publish/read-back.ts';
export { publishedInputs, rebuildImage, type Rebuilt } from '../release/rebuild/rebuild.ts';
export { parseReleaseList, type ReleaseEntry } from '../release/check/release-list.ts';
export { type Checked, checkReleases } from '../release/check/check-releases.ts';
export { release, type Released } from '../release/release.ts';
export { type UpdatedMetadata, updateMetadata } from '../release/metadata/update-metadata.ts';
export { showRetired } from '../release/metadata/remove-retired.ts';
export { showRebuilt } from '../release/rebuild/show-rebuilt.ts';
export type { Failure, VersionRequest } from '../release/check/resolve-wanted.ts';
export { type Stale, staleVersions } from '../release/check/stale.ts';
export type { Behind } from '../release/history/behind.ts';
export {
  type Failing,
  isWorthRemembering,
  nextStatus,
  readStatus,
  type Status,
  statusFile,
  writeStatus,
} from '../release/history/status-file.ts';
export { transferFilesOf } from '../release/publish/transfer-files.ts';
export { imageInputsName, missingImages } from '../release/create/version-images.ts';
export { versionInputs } from '../release/create/version-inputs.ts';
export { judgedAs, spoiledAs } from '../release/rebuild/judged-rebuild.ts';
export { listedRequests, readRequest } from '../release/check/version-requests.ts';
export { readWithdrawals } from '../release/history/withdrawn.ts';
export { undoYank, yank, type Yanked, type YankRequest } from '../release/yank.ts';
