interface Sign {
  readonly what: string;
  /** Bytes from the beginning. */
  readonly at: number;
  readonly bytes: string;
}

/** What people hand over instead of an image, by bytes at fixed places (latin1). */
const signs: readonly Sign[] = [
  // Both sizes of sector a GPT is written for; its copy of an MBR stands in front of it.
  ...[512, 4096].map((at) => ({
    what: 'a disk with a GPT (a DDI: systemd-dissect shows its partitions; the one with /usr is the image)',
    at,
    bytes: 'EFI PART',
  })),
  { what: 'an xz file: unpack it first (xz -dk)', at: 0, bytes: '\u00FD7zXZ\0' },
  { what: 'a zstd file: unpack it first (zstd -dk)', at: 0, bytes: '\u0028\u00B5\u002F\u00FD' },
  { what: 'a gzip file: unpack it first (gzip -dk)', at: 0, bytes: '\u001F\u008B' },
  { what: 'a bzip2 file: unpack it first (bzip2 -dk)', at: 0, bytes: 'BZh' },
  { what: 'an lz4 file: unpack it first (lz4 -dk)', at: 0, bytes: '\u0004\u0022\u004D\u0018' },
  { what: 'a zip archive', at: 0, bytes: 'PK\u0003\u0004' },
  { what: 'a tar archive', at: 257, bytes: 'ustar' },
  { what: 'a cpio archive', at: 0, bytes: '070701' },
  { what: 'a deb package', at: 0, bytes: '!<arch>\ndebian-binary' },
  { what: 'an rpm package', at: 0, bytes: '\u00ED\u00AB\u00EE\u00DB' },
  { what: 'a program (ELF)', at: 0, bytes: '\u007FELF' },
  { what: 'a qcow2 disk: qemu-img convert makes it raw', at: 0, bytes: 'QFI\u00FB' },
  { what: 'an encrypted volume (LUKS)', at: 0, bytes: 'LUKS\u00BA\u00BE' },
  { what: 'the hash tree of an image (dm-verity), not the image', at: 0, bytes: 'verity\0\0' },
  {
    what: 'an XFS file system, which systemd-sysext merges but the bakery does not read',
    at: 0,
    bytes: 'XFSB',
  },
  { what: 'an F2FS file system', at: 1024, bytes: '\u0010\u0020\u00F5\u00F2' },
  { what: 'an ISO 9660 image', at: 32_769, bytes: 'CD001' },
  { what: 'a FAT file system', at: 82, bytes: 'FAT32   ' },
  { what: 'a squashfs image of the other byte order', at: 0, bytes: 'sqsh' },
  { what: 'a page of HTML: the address answers with a page, not with the image', at: 0, bytes: '<!DOCTYPE' },
  { what: 'a page of HTML: the address answers with a page, not with the image', at: 0, bytes: '<html' },
  { what: 'a script', at: 0, bytes: '#!' },
  { what: 'a disk with a table of partitions (MBR)', at: 510, bytes: '\u0055\u00AA' },
];

/** Names what begins with `head`, for people. */
export function recognise(head: Buffer): string {
  if (head.length === 0) return 'an empty file';
  const found = signs.find(
    ({ at, bytes }) => head.toString('latin1', at, at + bytes.length).toLowerCase() === bytes.toLowerCase(),
  );
  if (found !== undefined) return found.what;
  if (head.every((byte) => byte === 0)) return 'a file that begins with nothing but zeros';
  return `a file that begins with ${head.toString('hex', 0, 8)}`;
}
