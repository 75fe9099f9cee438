import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { answerBody } from './answer-body.ts';
import { idleLimit, Silence } from './idle-limit.ts';

const limitMs = 1000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('is patient with a body that comes slowly, and with a reader who takes time', async () => {
  using idle = idleLimit(limitMs);
  const { body, send, end } = slowBody();
  const reader = answerBody(body, 'http://127.0.0.1/', idle).getReader();
  for (const [at, piece] of ['a', 'b', 'c'].entries()) {
    const next = reader.read();
    await jest.advanceTimersByTimeAsync((at === 0 ? limitMs : limitMs / 2) - 1);
    send(piece);
    expect(await next).toEqual({ done: false, value: bytes(piece) });
    await jest.advanceTimersByTimeAsync(10 * limitMs);
  }
  end();
  expect(await reader.read()).toEqual({ done: true, value: undefined });
  expect(idle.signal.aborted).toBe(false);
});

it('waits half as long inside a body as for its start', async () => {
  using idle = idleLimit(limitMs);
  const { body, send } = slowBody();
  const reader = answerBody(body, 'http://127.0.0.1/', idle).getReader();
  const first = reader.read();
  await jest.advanceTimersByTimeAsync(limitMs - 1);
  send('a');
  await first;
  void reader.read();
  await jest.advanceTimersByTimeAsync(limitMs / 2 - 1);
  expect(idle.signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(idle.signal.reason).toEqual(new Silence('nothing came for 0.5 s'));
});

it('ends the exchange when nothing comes for as long as it says', async () => {
  using idle = idleLimit(limitMs);
  const { body } = slowBody();
  void answerBody(body, 'http://127.0.0.1/', idle).getReader().read();
  await jest.advanceTimersByTimeAsync(limitMs - 1);
  expect(idle.signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(idle.signal.reason).toEqual(new Silence('nothing came for 1 s'));
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function slowBody() {
  let sink: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (sink = controller) });
  return { body, send: (text: string) => sink?.enqueue(bytes(text)), end: () => sink?.close() };
}
