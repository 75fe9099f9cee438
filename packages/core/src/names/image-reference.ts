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

export const PinnedImage = ImageReference.regex(/@sha256:[0-9a-f]{64}$/, {
  error: 'expected an image pinned by digest (@sha256:…)',
});
