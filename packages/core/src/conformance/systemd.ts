import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { allArches } from '../names/arch.ts';
import type { ConformanceContext } from './check-hub.ts';
import { complain } from './complain.ts';
import type { FeedImage } from './feed-images.ts';
import { isRemote, type TransferFile, wordsOf } from './read-transfer.ts';

/** Where every distribution has it; it is on no PATH. */
export const sysupdateProgram = '/usr/lib/systemd/systemd-sysupdate';

export interface SystemdSubject {
  readonly name: string;
  /** `NAME.transfer`, or where there is none `NAME.conf`, as the hub serves it. */
  readonly transfer: TransferFile | undefined;
  /** URL, ending in `/`. */
  readonly folder: string;
  readonly images: readonly FeedImage[];
}

/** Has the real systemd-sysupdate list what the hub offers. It reads only; nothing is installed. */
export async function checkWithSystemd(
  { transfer, folder, images }: SystemdSubject,
  { exec, tmpdir }: ConformanceContext,
): Promise<readonly Diagnostic[]> {
  if (transfer === undefined || !isRemote(transfer)) return []; // told elsewhere
  await using definitions = await mkdtempDisposable(join(tmpdir, 'conformance-'));
  await writeFile(join(definitions.path, transfer.file), transfer.text);
  for (const feature of featuresOf(transfer)) {
    await writeFile(join(definitions.path, `${feature}.feature`), '[Feature]\nEnabled=true\n');
  }
  const args = [`--definitions=${definitions.path}`, '--json=short', 'list'];
  const { code, stdout, stderr } = await exec.run(sysupdateProgram, args);
  const place = folder + transfer.file;
  if (code !== 0) {
    const said = stderr.trim().split('\n').slice(-3).join(' / ');
    return [complain('systemd-list', 'error', place, 'systemd-sysupdate list to work', said)];
  }
  const seen = new Set(readListed(stdout));
  // It lists versions for the host it runs on, and never says what that is.
  const hosts = [...Map.groupBy(images, ({ host }) => host).values()].flatMap((own) =>
    [...new Set([...allArches, ...own.flatMap(({ arch }) => arch ?? [])])].map((arch) =>
      own.filter((image) => image.arch === undefined || image.arch === arch).map(({ version }) => version),
    ),
  );
  if (hosts.some((versions) => versions.every((version) => seen.has(version)))) return [];
  const isForSome = images.some(({ host }) => host !== '');
  if (seen.size === 0 && isForSome) return []; // for other hosts than this one
  const expected = `systemd-sysupdate to list ${[...new Set(hosts.flat())].join(' ')}`;
  return [complain('systemd-list', 'error', place, expected, [...seen].join(' ') || 'nothing')];
}

/** What must be enabled on a host that uses the transfer, as far as it can be the name of a file. */
function featuresOf(transfer: TransferFile): readonly string[] {
  const names = ['Features', 'RequisiteFeatures'].flatMap((key) => wordsOf(transfer, `Transfer.${key}`));
  return [...new Set(names)].filter((name) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name));
}

const Listed = z.object({ all: z.array(z.string()) });

/** No version at all when it prints something else. */
function readListed(stdout: string): readonly string[] {
  try {
    return Listed.safeParse(JSON.parse(stdout)).data?.all ?? [];
  } catch {
    return [];
  }
}
