export { allArches, Arch, archWords, defaultArch, findArch, forEachArch, runnerArch } from '../names/arch.ts';
export { catalogueName } from '../names/catalogue-name.ts';
export { requireExtensionName } from '../names/extension-name.ts';
export { imageName, parseImageName } from '../names/file-names.ts';
export { parseHostImageName } from '../names/image-name.ts';
export { PinnedImage } from '../names/image-reference.ts';
export { globalTag } from '../names/manifest-name.ts';
export { releaseTag, tagOf } from '../names/tag.ts';
