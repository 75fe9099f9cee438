import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { whatStandsAt } from '../lifetime/named-file.ts';

export type DiskFormat = 'raw' | 'qcow2';

const headerSize = 80; // bytes, as far as features that name other files

/** By what the file says of itself. UserError for a qcow2 whose data lies in other files: they would be read, too. */
export async function diskFormat(path: string, shown: string): Promise<DiskFormat> {
  const found = await whatStandsAt(path);
  if (found !== 'a file')
    throw new UserError('input.invalid', `${shown}: expected an OS image, found ${found}`);
  await using file = await open(path);
  const header = Buffer.alloc(headerSize);
  await file.read(header, 0, headerSize, 0);
  if (header.toString('latin1', 0, 4) !== 'QFI\u00FB') return 'raw';
  const hasBacking = header.readBigUInt64BE(8) !== 0n;
  const hasDataFile = header.readUInt32BE(4) >= 3 && (header.readBigUInt64BE(72) & 4n) !== 0n;
  if (!hasBacking && !hasDataFile) return 'qcow2';
  throw new UserError(
    'input.invalid',
    `${shown}: expected a qcow2 image on its own, got one that needs another file`,
    {
      hint: 'qemu-img convert -O qcow2 makes one of both',
    },
  );
}
