import type { Readable } from 'node:stream';

/** Takes a stream apart. Holds no more of it than was asked for and one piece of the stream. */
export interface ByteReader extends AsyncDisposable {
  /** The next `count` bytes; fewer only at the end of the stream. */
  take(count: number): Promise<Buffer>;
  /** One to `count` of the next bytes, as they come; none only at the end of the stream. */
  some(count: number): Promise<Buffer>;
}

/** Disposing of it before its end ends the stream. */
export function byteReader(source: Readable): ByteReader {
  const pieces: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  let piece: Buffer = Buffer.alloc(0);

  async function some(count: number): Promise<Buffer> {
    while (piece.length === 0) {
      const next = await pieces.next();
      if (next.done === true) return piece;
      piece = next.value;
    }
    const taken = piece.subarray(0, count);
    piece = piece.subarray(count);
    return taken;
  }

  return {
    some,
    async take(count) {
      const parts: Buffer[] = [];
      for (let left = count; left > 0;) {
        const part = await some(left);
        if (part.length === 0) break;
        parts.push(part);
        left -= part.length;
      }
      const [only] = parts;
      return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
    },
    [Symbol.asyncDispose]: async () => void (await pieces.return?.()),
  };
}
