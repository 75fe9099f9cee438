export { downloadsFolder, mirrorBakery, type Mirrored } from '../mirror/mirror.ts';
export { openSource } from '../mirror/open-source.ts';
