/** Bytes of a header, and of what bodies are filled up to. */
export const blockSize = 512;

/** One header of a tar, as it stands there. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  /** One character: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
  readonly type: string;
  readonly linkname: string;
}

/** `undefined` for a block of zeros. What is no header is an Error. */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  const sum = checksum(block);
  if (sum === sumOfZeros) return undefined;
  if (block.length < blockSize || sum !== number(block, 148, 8))
    throw new Error('expected the header of a member');
  const size = number(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) throw new Error('expected the size of a member');
  const prefix = text(block, 257, 6) === 'ustar' && block[262] === 0 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8),
    size,
    type: String.fromCharCode(block[156] ?? 0),
    linkname: text(block, 157, 100),
  };
}

const checksumField = { from: 148, to: 156 };
const sumOfZeros = 8 * 32;

/** The sum of all bytes, its own field as spaces. */
function checksum(block: Buffer): number {
  let sum = sumOfZeros;
  for (let index = 0; index < checksumField.from; index += 1) sum += block[index] ?? 0;
  for (let index = checksumField.to; index < block.length; index += 1) sum += block[index] ?? 0;
  return sum;
}

function text(block: Buffer, from: number, length: number): string {
  return untilNul(block.subarray(from, from + length)).toString('utf8');
}

export function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** Octal digits, or since GNU tar a big-endian number behind 0x80. An empty field is 0. */
function number(block: Buffer, from: number, length: number): number {
  const field = block.subarray(from, from + length);
  if (field[0] === 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = /^[ \0]*([0-7]*)(?:[ \0]|$)/.exec(field.toString('latin1'))?.[1];
  if (digits === undefined) return Number.NaN;
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}
