import { z } from 'zod';
import { templated } from '../language/slots.ts';
import { ImageReference } from '../names/image-reference.ts';
import { ociRootfs } from './oci-rootfs.ts';
import { rootKind } from './root-kind.ts';

/** The files of a container image. */
export const imageRoot = rootKind({
  kind: 'image',
  form: '{image}',
  schema: z
    .strictObject({ image: templated(ImageReference) })
    .transform((root) => ({ kind: 'image' as const, ...root })),
  prepare: async (root, folder, context) => ({ image: await ociRootfs(root, folder, context) }),
  tools: ['containers'],
  versioned: ({ image }) => ({ texts: [image], example: 'a tag' }),
});
