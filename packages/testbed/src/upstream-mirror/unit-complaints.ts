import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What systemd says about the units of an image, unpacked into `folder`; their programs are not there to be run. */
export function unitComplaints(image: string, folder: string): string[] {
  execFileSync('unsquashfs', ['-quiet', '-no-progress', '-no-xattrs', '-dest', folder, image]);
  const units = join(folder, 'usr/lib/systemd/system');
  if (!existsSync(units)) return [];
  const files = readdirSync(units).filter((name) => /\.(service|socket|timer|path)$/.test(name));
  if (files.length === 0) return [];
  const { stderr, error } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', '--recursive-errors=no', ...files.map((name) => join(units, name))],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], SYSTEMD_UNIT_PATH: `${units}:` } },
  );
  if (error !== undefined) throw error;
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !line.includes('is not executable: No such file'));
}
