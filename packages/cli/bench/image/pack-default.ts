/** Packs the tree argv[2] into the image argv[3] for the extension argv[4], with the bakery’s defaults. */
import { packImage } from '@bakery/core/src/image/pack.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';

const [root = '', output = '', name = ''] = process.argv.slice(2);
await packImage(
  { root, output, name, format: 'squashfs', epoch: 0 },
  { exec: spawnExec(process.env), report: silentReport, path: process.env['PATH'] ?? '', isRoot: true },
);
