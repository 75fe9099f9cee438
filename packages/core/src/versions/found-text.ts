import { z } from 'zod';
import { Arch } from '../names/arch.ts';
import type { Found } from './find.ts';

const FoundText = z.object({
  candidates: z.array(z.object({ text: z.string(), upstream: z.string(), arches: z.array(Arch) })),
  refused: z.array(z.object({ text: z.string(), why: z.string() })).readonly(),
  listed: z.int(),
});

/** What an upstream was found to have, as text to keep. */
export function formatFound({ candidates, refused, listed }: Found): string {
  const plain = candidates.map(({ text, upstream, arches }) => ({ text, upstream, arches: [...arches] }));
  return JSON.stringify({ candidates: plain, refused, listed });
}

export function parseFound(text: string): Found {
  const { candidates, ...rest } = FoundText.parse(JSON.parse(text));
  return { candidates: candidates.map((one) => ({ ...one, arches: new Set(one.arches) })), ...rest };
}
