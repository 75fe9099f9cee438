export type { BuildContext } from '../steps/build-context.ts';
export { type Side, type Sides, usualSides } from '../steps/flatwrap-layout.ts';
export { flatwrap } from '../steps/flatwrap.ts';
export { flix } from '../steps/flix.ts';
export { ociRootfs } from '../steps/oci-rootfs.ts';
export { toolsOfBuilds } from '../steps/tools-of-builds.ts';
