import { createReadStream } from 'node:fs';
import { archiveKind } from './archive-kind.ts';
import { decompress } from './compression.ts';
import { tarMembers, tarOverhead } from './tar.ts';

const readSize = 1024 * 1024; // bytes

/** Packages of Fedora, openSUSE and others: bsdtar reads them, whatever they are compressed with. */
export const rpm = archiveKind({
  format: 'rpm',
  endings: ['.rpm'],
  tools: ['rpm packages'],
  members: (path, limit, context) => {
    const tar = context.exec.filter(
      'bsdtar',
      ['--create', '--format=pax', '--no-xattrs', '--file=-', '@-'],
      createReadStream(path, { highWaterMark: readSize }),
    );
    return tarMembers(decompress(tar, 'none', limit + tarOverhead, context));
  },
});
