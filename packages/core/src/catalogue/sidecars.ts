import { type SidecarKind, sidecarKinds } from '../names/file-names.ts';
import type { CatalogueImage, CatalogueSidecar } from './schema.ts';

export type Sidecars = Pick<CatalogueImage, SidecarKind>;

/** What lies beside an image, each as `change` makes it, or left out. */
export function sidecarsOf(
  image: Sidecars,
  change: (sidecar: CatalogueSidecar) => CatalogueSidecar | undefined = (same) => same,
): Sidecars {
  return Object.fromEntries(
    sidecarKinds.flatMap((kind) => {
      const sidecar = image[kind] && change(image[kind]);
      return sidecar === undefined ? [] : [[kind, sidecar]];
    }),
  );
}

/** An image and what lies beside it. */
export function partsOf(image: CatalogueImage): readonly CatalogueSidecar[] {
  return [image, ...sidecarKinds.flatMap((kind) => image[kind] ?? [])];
}
