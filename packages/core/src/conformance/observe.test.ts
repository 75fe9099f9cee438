import { expect, it } from '@jest/globals';
import { hashOf as hashOfText } from '../fetch/hashing.ts';
import type { Http } from '../ports/http.ts';
import { hashOf } from './observe.ts';

const chunk = new Uint8Array(1024);

it('hashes a file of a feed, and gives up on one without an end', async () => {
  let sent = 0;
  let isLetGo = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += chunk.length;
      controller.enqueue(chunk);
    },
    cancel: () => {
      isLetGo = true;
    },
  });
  expect(await hashOf(answering(endless), 'https://hub.example/x.raw', 10 * 1024)).toBeUndefined();
  expect(isLetGo).toBe(true);
  expect(sent).toBeLessThan(20 * 1024);
  const short = new Blob(['text']).stream();
  expect(await hashOf(answering(short), 'https://hub.example/x.raw', 4)).toBe(hashOfText('text'));
});

function answering(body: ReadableStream<Uint8Array>): Http {
  return {
    get: (url) => Promise.resolve({ status: 200, headers: new Headers(), url, body }),
    bytes: notAsked,
    text: notAsked,
  };
}

function notAsked(): Promise<never> {
  return Promise.reject(new Error('not asked'));
}
