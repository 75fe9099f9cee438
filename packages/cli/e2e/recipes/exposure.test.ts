import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const recipes = join(import.meta.dirname, '../../../../recipes');

// What systemd-analyze says of the unit in the images of flatcar/sysext-bakery, in tenths.
it.each([['haproxy', 30]])('the service of %s is exposed no more than %d tenths', async (name, threshold) => {
  const unit = join(recipes, name, `files/usr/lib/systemd/system/${name}.service`);
  const args = ['security', '--offline=true', `--threshold=${threshold}`, '--no-pager', unit];
  const { stdout } = await promisify(execFile)('systemd-analyze', args);
  expect(stdout).toContain('Overall exposure level');
});
