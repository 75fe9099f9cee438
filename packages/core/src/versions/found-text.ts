import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { Arch } from '../names/arch.ts';
import type { Found } from './find.ts';

const FoundText = z.object({
  candidates: z.array(
    z
      .object({
        text: z.string(),
        upstream: z.string(),
        arches: z.array(Arch),
        publishedAt: z.number().optional(),
      })
      .transform(({ publishedAt, ...one }) => (publishedAt === undefined ? one : { ...one, publishedAt })),
  ),
  refused: z.array(z.object({ text: z.string(), why: z.string() })).readonly(),
  listed: z.int(),
});

/** What an upstream was found to have, as text to keep. */
export function formatFound({ candidates, refused, listed }: Found): string {
  const plain = candidates.map((one) => ({ ...one, arches: [...one.arches] }));
  return JSON.stringify({ candidates: plain, refused, listed });
}

export function parseFound(text: string): Found {
  const { candidates, ...rest } = readFound(text);
  return { candidates: candidates.map((one) => ({ ...one, arches: new Set(one.arches) })), ...rest };
}

/** It lay in the cache, where a disk may have damaged it. */
function readFound(text: string): z.infer<typeof FoundText> {
  try {
    return FoundText.parse(JSON.parse(text));
  } catch (cause) {
    const got = JSON.stringify(text.slice(0, 60));
    throw new UserError('fetch.cache', `the cache: expected the versions of an upstream, got ${got}`, {
      cause,
      hint: 'run once without --offline',
    });
  }
}
