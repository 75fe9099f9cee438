// Stands for actions/upload-artifact and actions/download-artifact, told the same inputs: artifacts are folders below
// STAND_IN_ARTIFACTS. Run as "artifact-stand-in.ts upload" or "… download". The real ones cannot be fetched without
// a network, and their client (@actions/artifact 6) and the server of act 0.2.87 do not understand each other.
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const { env } = process;
const artifacts = env['STAND_IN_ARTIFACTS'] ?? '';
const folder = resolve(env['INPUT_PATH'] ?? '');
if (process.argv[2] === 'upload') {
  const name = env['INPUT_NAME'] ?? '';
  // What the real client refuses in a name.
  if (/["<>|*?:\r\n\\/]/.test(name) || name === '') throw new Error(`artifact name ${JSON.stringify(name)}`);
  if ((await readdir(folder)).length === 0) throw new Error(`${folder}: no files`);
  await mkdir(join(artifacts, name)); // Artifacts never change, so a second one of the same name fails.
  await cp(folder, join(artifacts, name), { recursive: true });
} else {
  // Of all patterns only "PREFIX*" is understood.
  const prefix = (env['INPUT_PATTERN'] ?? '').replace(/\*$/, '');
  const names = (await readdir(artifacts)).filter((name) => name.startsWith(prefix));
  for (const name of names) await cp(join(artifacts, name), folder, { recursive: true });
}
