// Stands for actions/upload-artifact and actions/download-artifact, told the same inputs: artifacts are folders below
// STAND_IN_ARTIFACTS. Run as "artifact-stand-in.ts upload" or "… download". The real ones cannot be fetched without
// a network, and their client (@actions/artifact 6) and the server of act 0.2.87 do not understand each other.
import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join, matchesGlob, resolve } from 'node:path';

const { env } = process;
const artifacts = env['STAND_IN_ARTIFACTS'] ?? '';
const folder = resolve(env['INPUT_PATH'] ?? '');
const name = env['INPUT_NAME'] ?? '';
if (process.argv[2] === 'upload') {
  // What the real client refuses in a name.
  if (/["<>|*?:\r\n\\/]/.test(name) || name === '') throw new Error(`artifact name ${JSON.stringify(name)}`);
  const isFile = (await stat(folder)).isFile();
  if (!isFile && (await readdir(folder)).length === 0) throw new Error(`${folder}: no files`);
  await mkdir(join(artifacts, name)); // Artifacts never change, so a second one of the same name fails.
  await cp(folder, isFile ? join(artifacts, name, basename(folder)) : join(artifacts, name), {
    recursive: true,
  });
} else if (name !== '') {
  await cp(join(artifacts, name), folder, { recursive: true });
} else {
  // The pattern as the real client reads it; merging is not understood.
  const pattern = env['INPUT_PATTERN'] ?? '';
  const found = (await readdir(artifacts)).filter((one) => matchesGlob(one, pattern));
  for (const one of found) await cp(join(artifacts, one), join(folder, one), { recursive: true });
}
