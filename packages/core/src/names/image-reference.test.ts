import { describe, expect, it } from '@jest/globals';
import { PinnedImage } from './image-reference.ts';

const digest = `sha256:${'1'.repeat(64)}`;

describe('an image that scripts run in', () => {
  it.each([`alpine@${digest}`, `ghcr.io/example/sdk:4593.1.0@${digest}`])('may be %s', (image) => {
    expect(PinnedImage.safeParse(image).success).toBe(true);
  });

  it.each([
    ['alpine:3.23', /^expected an image pinned by digest \(@sha256:…\)$/],
    ['ghcr.io/example/sdk:{os-release}', /write an entry for each image, with if or when$/],
    [`ghcr.io/example/{sdk}@${digest}`, /^expected a container image like/],
    [`dir:/etc@${digest}`, /^expected a container image like/],
  ])('is not %s, and the error says what is', (image, message) => {
    expect(PinnedImage.safeParse(image).error?.issues.at(-1)?.message).toMatch(message);
  });
});
