/** What an extended header of POSIX says of the next member, as far as it matters here. */
export interface PaxRecords {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
  /** Its body is a map of holes and what lies between them. */
  readonly isSparse?: boolean;
  readonly hasCapabilities?: boolean;
}

/** Of GNU tar and of libarchive. */
const capabilities = /^(SCHILY|LIBARCHIVE)\.xattr\.security\.capability$/;

/** Reads `LENGTH KEY=VALUE\n` records; the length is that of the whole record in bytes. */
export function parsePaxRecords(bytes: Buffer): PaxRecords {
  let path: string | undefined;
  let linkpath: string | undefined;
  let size: number | undefined;
  let isSparse = false;
  let hasCapabilities = false;
  for (let start = 0; start < bytes.length;) {
    const space = bytes.indexOf(0x20, start);
    const length =
      space === -1 ? Number.NaN : Number(bytes.toString('latin1', start, Math.min(space, start + 10)));
    const end = start + length;
    if (!Number.isInteger(length) || end > bytes.length || bytes[end - 1] !== 0x0a || end <= space) {
      throw new Error('expected records in an extended header');
    }
    const equals = bytes.indexOf(0x3d, space);
    if (equals === -1 || equals >= end) throw new Error('expected records in an extended header');
    const key = bytes.toString('utf8', space + 1, equals);
    const value = (): string => bytes.toString('utf8', equals + 1, end - 1);
    if (key === 'path') path = value();
    else if (key === 'linkpath') linkpath = value();
    else if (key === 'size') size = sizeOf(value());
    else if (key.startsWith('GNU.sparse.')) isSparse = true;
    else if (capabilities.test(key)) hasCapabilities = true;
    start = end;
  }
  // An empty value takes back what a header for all members said.
  return {
    ...(path === undefined || path === '' ? {} : { path }),
    ...(linkpath === undefined || linkpath === '' ? {} : { linkpath }),
    ...(size === undefined ? {} : { size }),
    ...(isSparse ? { isSparse } : {}),
    ...(hasCapabilities ? { hasCapabilities } : {}),
  };
}

function sizeOf(text: string): number {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(size)) return size;
  throw new Error('expected a size in an extended header');
}
