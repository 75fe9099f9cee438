import { ownedName } from '../lifetime/owned-folder.ts';
import { isAlive } from '../lifetime/process-identity.ts';
import type { Exec } from '../ports/exec.ts';
import { containerPrefix, killArgs, listArgs, removeArgs } from './container-args.ts';
import type { Engine } from './engine.ts';

const owned = /^(\d+)-([\da-f-]{36})_(\d+)-[\da-f-]{36}$/; // as ownedName makes it: PID-BOOT_TICKS-RANDOM

/** A name for a container that says which process it belongs to. */
export function containerName(): Promise<string> {
  return ownedName(containerPrefix);
}

/** Removes the containers of runs that were killed; an engine goes on with a container whose client is gone. */
export async function removeDeadContainers(exec: Exec, engine: Engine): Promise<void> {
  const { code, stdout } = await exec.run(engine, listArgs());
  if (code !== 0) return; // whatever is wrong with the engine, what comes next says it better
  const names = stdout.split('\n').map((line) => line.trim());
  const dead: string[] = [];
  for (const name of names) if (await isOfTheDead(name)) dead.push(name);
  for (const name of dead) await exec.run(engine, killArgs(name));
  if (dead.length > 0) await exec.run(engine, removeArgs(dead));
}

async function isOfTheDead(name: string): Promise<boolean> {
  if (!name.startsWith(containerPrefix)) return false;
  const [, pid, boot, ticks] = owned.exec(name.slice(containerPrefix.length)) ?? [];
  if (pid === undefined) return false;
  return !(await isAlive({ pid: Number(pid), started: `${boot}/${ticks}` }));
}
