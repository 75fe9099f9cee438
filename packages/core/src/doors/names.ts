export { allArches, Arch, archWords, defaultArch, findArch, forEachArch, runnerArch } from '../names/arch.ts';
export { catalogueName } from '../names/catalogue-name.ts';
export { imageName, parseImageName, releaseTag, requireExtensionName } from '../names/file-names.ts';
export { parseHostImageName } from '../names/image-name.ts';
export { globalTag } from '../names/manifest-name.ts';
