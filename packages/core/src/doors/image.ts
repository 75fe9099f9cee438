export { findCage } from '../image/cage.ts';
export { detectFormat } from '../image/detect-format.ts';
export { defaultFormat, formats, ImageFormat } from '../image/formats.ts';
export { BlockSize, ImageSize } from '../image/image-size.ts';
export { temporaryName } from '../image/temporary-name.ts';
export { type Verification, verifyImage } from '../image/verify.ts';
