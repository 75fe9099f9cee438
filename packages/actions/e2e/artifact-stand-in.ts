// Stands for actions/upload-artifact and actions/download-artifact, told the same inputs: artifacts of this run are
// folders below STAND_IN_ARTIFACTS, those of others are zips that GitHub has. Run as "artifact-stand-in.ts upload" or
// "… download". The real ones cannot be fetched without a network, and their client (@actions/artifact 6) and the server
// of act 0.2.87 do not understand each other.
import { cp, mkdir, mkdtempDisposable, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, matchesGlob, resolve } from 'node:path';
import { z } from 'zod';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { zip } from '@bakery/core/src/stage/zip.ts';

const { env } = process;
const artifacts = env['STAND_IN_ARTIFACTS'] ?? '';
const folder = resolve(env['INPUT_PATH'] ?? '');
const name = env['INPUT_NAME'] ?? '';
// The pattern as the real client reads it; merging is not understood.
const pattern = env['INPUT_PATTERN'] ?? '';
// Only with a token is the run another than this one.
const token = env['INPUT_GITHUB-TOKEN'] ?? '';
const maxBytes = 2 ** 30;
const Artifacts = z.object({
  artifacts: z.array(z.object({ id: z.number(), name: z.string(), archive_download_url: z.url() })),
});
if (process.argv[2] === 'upload') {
  // What the real client refuses in a name.
  if (/["<>|*?:\r\n\\/]/.test(name) || name === '') throw new Error(`artifact name ${JSON.stringify(name)}`);
  const isFile = (await stat(folder)).isFile();
  if (!isFile && (await readdir(folder)).length === 0) throw new Error(`${folder}: no files`);
  await mkdir(join(artifacts, name)); // Artifacts never change, so a second one of the same name fails.
  await cp(folder, isFile ? join(artifacts, name, basename(folder)) : join(artifacts, name), {
    recursive: true,
  });
} else if (token !== '') {
  await downloadFrom(env['INPUT_RUN-ID'] ?? '');
} else if (name !== '') {
  await cp(join(artifacts, name), folder, { recursive: true });
} else {
  const found = (await readdir(artifacts)).filter((one) => matchesGlob(one, pattern));
  for (const one of found) await cp(join(artifacts, one), join(folder, one), { recursive: true });
}

/** https://docs.github.com/rest/actions/artifacts: the list, then a redirect to a zip for each. */
async function downloadFrom(run: string): Promise<void> {
  const actions = `${env['GITHUB_API_URL']}/repos/${env['GITHUB_REPOSITORY']}/actions`;
  const list = await ask(`${actions}/runs/${run}/artifacts?per_page=100`);
  const all = Artifacts.parse(await list.json()).artifacts;
  await using scratch = await mkdtempDisposable(join(tmpdir(), 'artifacts-'));
  for (const one of all.filter((artifact) => matchesGlob(artifact.name, pattern))) {
    const file = join(scratch.path, `${one.id}.zip`);
    await writeFile(file, await (await ask(one.archive_download_url)).bytes());
    for await (const { path, body } of zip.members(file, maxBytes, { exec: spawnExec({}) })) {
      const to = join(folder, one.name, path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, body);
    }
  }
}

async function ask(url: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'actions/download-artifact' };
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
