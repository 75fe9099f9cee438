import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** One member of a tar; nothing is checked, so that hostile ones can be made. */
export interface TarMember {
  readonly path: string | Buffer;
  readonly type?: keyof typeof tarTypes;
  readonly mode?: number;
  readonly content?: string | Buffer;
  readonly linkname?: string;
  /** Size the header claims, when not that of the content. */
  readonly size?: number;
  /** Records of an extended header before it. */
  readonly pax?: Readonly<Record<string, string>>;
}

const tarTypes = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character device': '3',
  'block device': '4',
  folder: '5',
  fifo: '6',
  sparse: 'S',
  pax: 'x',
  'pax for all': 'g',
  'long name': 'L',
} as const;
const block = 512; // bytes

/** A tar in the POSIX format with exactly these members. */
export function tarOf(members: readonly TarMember[]): Buffer {
  return Buffer.concat([...members.flatMap(tarMember), Buffer.alloc(2 * block)]);
}

export function tarGzOf(members: readonly TarMember[]): Buffer {
  return gzipSync(tarOf(members), { level: 1 });
}

function tarMember(member: TarMember): Buffer[] {
  const { pax, ...plain } = member;
  const name = Buffer.from(plain.path);
  // A header has room for 100 bytes; longer names stand in an extended one.
  const records = name.length > 100 ? { path: name.toString(), ...pax } : pax;
  const content = Buffer.from(plain.content ?? '');
  return [
    ...(records === undefined ? [] : tarMember({ path: 'pax', type: 'pax', content: paxRecords(records) })),
    tarHeader({ ...plain, path: name.subarray(0, 100) }, content.length),
    padded(content),
  ];
}

function paxRecords(records: Readonly<Record<string, string>>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      // The length counts its own digits.
      const length = [1, 2, 3, 4, 5, 6, 7]
        .map((digits) => digits + Buffer.byteLength(rest))
        .find((total, index) => String(total).length === index + 1);
      return `${length}${rest}`;
    })
    .join('');
}

function tarHeader({ path, type = 'file', mode, linkname = '', size }: TarMember, length: number): Buffer {
  const header = Buffer.alloc(block);
  Buffer.from(path).copy(header, 0);
  header.write(octal(mode ?? (type === 'folder' ? 0o755 : 0o644), 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size ?? length, 11), 124);
  header.write(octal(1_700_000_000, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write(tarTypes[type], 156);
  header.write(linkname, 157, 100);
  header.write('ustar\u{0}00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\u{0} `, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)]);
}

/** One member of a zip; nothing is checked. */
export interface ZipMember {
  readonly path: string;
  readonly content?: string | Buffer;
  /** Type and permission bits as in stat(2); `undefined` makes an entry as Windows does, without any. */
  readonly mode?: number;
  /** Size the entry claims, when not that of the content. */
  readonly size?: number;
  readonly encrypted?: boolean;
}

export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { local, central } = zipEntry(member, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function zipEntry({ path, content = '', mode, size, encrypted = false }: ZipMember, offset: number) {
  const name = Buffer.from(path);
  const plain = Buffer.from(content);
  const packed = deflateRawSync(plain);
  const flags = 0x800 | (encrypted ? 1 : 0); // names in UTF-8
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(((mode === undefined ? 0 : 3) << 8) | 20, 4);
  central.writeUInt16LE(20, 6);
  for (const [header, at] of [
    [local, 6],
    [central, 8],
  ] as const) {
    header.writeUInt16LE(flags, at);
    header.writeUInt16LE(8, at + 2);
    header.writeUInt32LE(crc32(plain), at + 8);
    header.writeUInt32LE(packed.length, at + 12);
    header.writeUInt32LE(size ?? plain.length, at + 16);
    header.writeUInt16LE(name.length, at + 20);
  }
  central.writeUInt32LE(((mode ?? 0) << 16) >>> 0, 38);
  central.writeUInt32LE(offset, 42);
  return { local: Buffer.concat([local, name, packed]), central: Buffer.concat([central, name]) };
}

/** An ar archive as dpkg writes it. */
export function arOf(
  members: readonly { readonly name: string; readonly content: string | Buffer }[],
): Buffer {
  const parts = members.flatMap(({ name, content }) => {
    const body = Buffer.from(content);
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(body.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), body, Buffer.from(body.length % 2 === 0 ? '' : '\n')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

export function debOf(members: readonly TarMember[]): Buffer {
  return arOf([
    { name: 'debian-binary', content: '2.0\n' },
    { name: 'control.tar.gz', content: tarGzOf([]) },
    { name: 'data.tar.gz', content: tarGzOf(members) },
  ]);
}

/** The start of an ELF file for a machine, by its number in the ELF gABI. */
export function elfOf(
  machine: number,
  {
    bits = 64,
    order = 'little',
    loader,
  }: { readonly bits?: 32 | 64; readonly order?: 'little' | 'big'; readonly loader?: string } = {},
): Buffer {
  const header = Buffer.alloc(64);
  header.write('\u{7f}ELF', 0, 'latin1');
  header.writeUInt8(bits === 64 ? 2 : 1, 4);
  header.writeUInt8(order === 'little' ? 1 : 2, 5);
  header.writeUInt8(1, 6);
  if (order === 'little') header.writeUInt16LE(machine, 18);
  else header.writeUInt16BE(machine, 18);
  if (loader === undefined) return header;
  // One program header, PT_INTERP, and the text it points to.
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  const text = Buffer.from(`${loader}\0`, 'latin1');
  const segment = Buffer.alloc(56);
  segment.writeUInt32LE(3, 0);
  segment.writeBigUInt64LE(120n, 8);
  segment.writeBigUInt64LE(BigInt(text.length), 32);
  return Buffer.concat([header, segment, text]);
}
