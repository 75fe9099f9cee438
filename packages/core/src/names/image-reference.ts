import { z } from 'zod';

const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const host = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d+)?';

/**
 * A container image of a registry, as `docker pull` takes it. Never a transport such as `dir:`, by which engines
 * read files of this machine.
 * https://github.com/distribution/reference/blob/main/reference.go
 */
export const ImageReference = z
  .string()
  .regex(new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`), {
    error: 'expected a container image like docker.io/library/alpine:3.23',
  });

/** Written out, as a digest is reviewed before anything runs in it: no value of an option may name another one. */
export const PinnedImage = ImageReference.regex(/@sha256:[0-9a-f]{64}$/, {
  error: ({ input }) =>
    typeof input === 'string' && input.includes('{')
      ? 'expected an image pinned by digest (@sha256:…); where an option or a version decides, write an entry for each image, with if or when'
      : 'expected an image pinned by digest (@sha256:…)',
});
