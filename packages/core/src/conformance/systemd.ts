import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { allArches } from '../names/arch.ts';
import { parseImageName } from '../names/file-names.ts';
import type { ConformanceContext } from './check-hub.ts';
import { complain, type Complaint } from './complaint.ts';
import type { ManifestLine } from './manifest-rules.ts';
import type { TransferFile } from './read-transfer.ts';

/** Where every distribution has it; it is on no PATH. */
export const sysupdateProgram = '/usr/lib/systemd/systemd-sysupdate';

export interface SystemdSubject {
  readonly name: string;
  /** `NAME.transfer` as the hub serves it. */
  readonly transfer: TransferFile | undefined;
  /** URL, ending in `/`. */
  readonly folder: string;
  readonly images: readonly ManifestLine[];
}

/** Has the real systemd-sysupdate list what the hub offers. It reads only; nothing is installed. */
export async function checkWithSystemd(
  { name, transfer, folder, images }: SystemdSubject,
  { exec, tmpdir }: ConformanceContext,
): Promise<readonly Complaint[]> {
  if (transfer === undefined) return []; // told elsewhere
  await using definitions = await mkdtempDisposable(join(tmpdir, 'conformance-'));
  await writeFile(join(definitions.path, transfer.file), transfer.text);
  const args = [`--definitions=${definitions.path}`, '--json=short', 'list'];
  const { code, stdout, stderr } = await exec.run(sysupdateProgram, args);
  const place = folder + transfer.file;
  if (code !== 0) {
    const said = stderr.trim().split('\n').slice(-3).join(' / ');
    return [complain('systemd-list', 'error', place, 'systemd-sysupdate list to work', said)];
  }
  const seen = new Set(Listed.parse(JSON.parse(stdout)).all);
  // It lists versions for the arch it runs on, and never says which that is.
  const perArch = allArches.map((arch) => versionsFor(name, arch, images));
  if (perArch.some((versions) => versions.every((version) => seen.has(version)))) return [];
  const expected = `systemd-sysupdate to list ${[...new Set(perArch.flat())].join(' ')}`;
  return [complain('systemd-list', 'error', place, expected, [...seen].join(' ') || 'nothing')];
}

const Listed = z.object({ all: z.array(z.string()) });

function versionsFor(name: string, arch: string, images: readonly ManifestLine[]): readonly string[] {
  return images.flatMap((image) => {
    const id = parseImageName(image.name, name);
    return id?.arch === arch ? [id.version] : [];
  });
}
