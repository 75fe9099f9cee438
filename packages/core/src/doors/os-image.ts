export { type BakeOs, bakeOs } from '../os-image/bake-os.ts';
export { diskFormat } from '../os-image/disk-format.ts';
export { type Extension, parseInstallTo } from '../os-image/layout.ts';
export { compressionOf, diskNameOf, flatcarImage, type Vendor, vendors } from '../os-image/flatcar-image.ts';
