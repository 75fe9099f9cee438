import type { Judged } from '../../catalogue/rebuilds.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import type { Arch } from '../../names/arch.ts';
import type { Inputs } from '../../provenance/inputs.ts';
import { thisMachine } from '../create/this-machine.ts';
import { timeOf } from '../history/version-facts.ts';
import type { Rebuilt } from './rebuild.ts';

/** What a catalogue says of an image that was built again on this machine; `now` in milliseconds since 1970. */
export async function judgedAs(rebuilt: Rebuilt, now: number): Promise<Judged> {
  const { name: extension, version, published: sha256, verdict, isExplained } = rebuilt;
  const explained = verdict === 'same' ? 'same' : 'explained';
  return { extension, version, sha256, rebuild: await told(isExplained ? explained : 'different', now) };
}

/** The same of one whose artifacts are not what they were. What else an `error` says, says nothing of the image. */
export async function spoiledAs(
  { name: extension, version, images }: Inputs,
  arch: Arch,
  error: unknown,
  now: number,
): Promise<Judged | undefined> {
  const sha256 = images[arch]?.sha256;
  const isSpoiled = error instanceof UserError && spoiled.has(error.code);
  if (!isSpoiled || sha256 === undefined) return undefined;
  return { extension, version, sha256, rebuild: await told('failed', now) };
}

const spoiled: ReadonlySet<string> = new Set(['fetch.wrong-hash', 'fetch.no-hash', 'fetch.not-found']);

async function told(verdict: string, now: number): Promise<Judged['rebuild']> {
  const { os, arch } = await thisMachine();
  return { verdict, at: timeOf(now), machine: `${os} ${arch}` };
}
