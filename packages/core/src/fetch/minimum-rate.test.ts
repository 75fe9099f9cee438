import { describe, expect, it } from '@jest/globals';
import { answerBody } from './answer-body.ts';
import { idleLimit } from './idle-limit.ts';
import { bringsEnough, requireRate } from './minimum-rate.ts';

describe('requireRate', () => {
  it('is patient in the beginning, and then with all that brings two kilobytes a second', () => {
    expect(() => requireRate('u', { bytes: 0, waitedMs: 120_000 })).not.toThrow();
    expect(() => requireRate('u', { bytes: 242_000, waitedMs: 121_000 })).not.toThrow();
  });

  it('does not wait for a byte a second', () => {
    expect(() => requireRate('u', { bytes: 121, waitedMs: 121_000 })).toThrow(
      'u: expected at least 2000 bytes a second, got 121 bytes in 121 s',
    );
  });
});

it('ends a body that comes too slowly', async () => {
  using idle = idleLimit(2 ** 31 - 1);
  let isCancelled = false;
  const slow = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(new Uint8Array(1));
    },
    cancel: () => void (isCancelled = true),
  });
  const rate = { graceMs: 0, bytesPerSecond: 1_000_000 };
  const work = new Response(answerBody(slow, 'https://up.example/x', idle, { rate })).text();
  await expect(work).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('https://up.example/x: expected at least 1000000 bytes a second'),
  });
  expect(isCancelled).toBe(true);
});

it('takes an attempt that broke off for one in vain when it brought little, or took long', () => {
  expect(bringsEnough(1, 1)).toBe(false);
  expect(bringsEnough(50_000, 1000)).toBe(true);
  expect(bringsEnough(50_000, 100_000)).toBe(false);
});
