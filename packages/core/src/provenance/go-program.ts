import { type FileHandle, open } from 'node:fs/promises';

/** What a program written in Go says of itself. */
export interface GoProgram {
  /** Version of Go, like `go1.24.1`. */
  readonly go: string;
  /** `PATH@VERSION` of the main module; absent in what was built outside of one. */
  readonly main?: string;
  /** `PATH@VERSION` of all others, as they were replaced, sorted. */
  readonly modules: readonly string[];
}

const headerSize = 64; // bytes of an ELF64 header
const sectionSize = 64; // bytes of a section header
const mostSections = 1024;
const mostBytes = 8 * 2 ** 20; // of names or of build information; kubelet has 30 kB
const magic = '\u{FF} Go buildinf:';
const sectionName = '.go.buildinfo\0';
const inlineStrings = 2; // a bit of the flags, set since Go 1.18

/**
 * Reads what `go version -m` shows (debug/buildinfo of Go): modules and their versions, from the section
 * `.go.buildinfo` of an ELF file. `undefined` for whatever is no such program, and for those of Go before 1.18.
 */
export async function goProgram(path: string): Promise<GoProgram | undefined> {
  await using file = await open(path);
  const section = await buildInfoSection(file);
  if (section === undefined || section.toString('latin1', 0, magic.length) !== magic) return undefined;
  if (((section[15] ?? 0) & inlineStrings) === 0) return undefined;
  const version = readString(section, 32);
  const info = readString(section, version.end);
  // Marks of 16 bytes stand around the text.
  return parseModules(version.text, info.text.slice(16, -16));
}

async function buildInfoSection(file: FileHandle): Promise<Buffer | undefined> {
  const header = await read(file, 0, headerSize);
  if (header.length < headerSize || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (header[4] !== 2 || header[5] !== 1) return undefined;
  const [start, count, nameIndex] = [
    Number(header.readBigUInt64LE(40)),
    header.readUInt16LE(60),
    header.readUInt16LE(62),
  ];
  const table = await read(file, start, Math.min(count, mostSections) * sectionSize);
  const names = await content(file, table, nameIndex);
  for (let index = 0; (index + 1) * sectionSize <= table.length; index++) {
    const name = table.readUInt32LE(index * sectionSize);
    const end = name + sectionName.length;
    if (names.toString('latin1', name, end) === sectionName) return content(file, table, index);
  }
  return undefined;
}

function content(file: FileHandle, table: Buffer, index: number): Promise<Buffer> {
  const at = index * sectionSize;
  if (at + sectionSize > table.length) return Promise.resolve(Buffer.alloc(0));
  const [offset, size] = [Number(table.readBigUInt64LE(at + 24)), Number(table.readBigUInt64LE(at + 32))];
  return read(file, offset, Math.min(size, mostBytes));
}

/** A length as Go’s unsigned varint, then that many bytes. */
function readString(bytes: Buffer, start: number): { readonly text: string; readonly end: number } {
  let [length, at, factor] = [0, start, 1];
  for (; at < bytes.length && at < start + 8; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    length += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  const end = Math.min(bytes.length, at + 1 + length);
  return { text: bytes.toString('latin1', at + 1, end), end };
}

/** Lines of words between tabs: `mod`, `dep` and, behind the one it replaces, `=>`. */
export function parseModules(go: string, info: string): GoProgram {
  let main: string | undefined;
  const modules: string[] = [];
  for (const line of info.split('\n')) {
    const [kind, path = '', version = ''] = line.split('\t');
    const module = version === '' ? path : `${path}@${version}`;
    if (kind === 'mod') main = module;
    if (kind === 'dep') modules.push(module);
    if (kind === '=>' && modules.length > 0) modules[modules.length - 1] = module;
  }
  return { go, ...(main === undefined ? {} : { main }), modules: modules.toSorted() };
}

/** As much as there is: what a stranger’s file says of itself need not be true. */
async function read(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset + size)) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}
