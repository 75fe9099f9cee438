import { readFile } from 'node:fs/promises';
import { machine } from 'node:os';
import { parseEnv } from 'node:util';

/** The system that packs images, as its os-release says: `debian 12`. */
export async function thisMachine(): Promise<{ readonly os: string; readonly arch: string }> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const { ID: id = 'unknown', VERSION_ID: version = '' } = parseEnv(text);
  return { os: `${id} ${version}`.trim(), arch: machine() };
}
