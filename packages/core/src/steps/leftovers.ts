import { lifeOf, ownerToken, parseOwned } from '../lifetime/owner.ts';
import type { Exec } from '../ports/exec.ts';
import { containerPrefix, killArgs, listArgs, removeArgs } from './container-args.ts';
import type { Engine } from './engine.ts';

const longestBuildMs = 24 * 60 * 60_000;

/** A name for a container that says which process it belongs to. */
export function containerName(): string {
  return containerPrefix + ownerToken();
}

/**
 * Removes the containers of runs that were killed; an engine goes on with a container whose client is gone. Those of
 * runs that cannot be seen from here go after a day. `now` is in milliseconds since 1970.
 */
export async function removeDeadContainers(exec: Exec, engine: Engine, now = Date.now()): Promise<void> {
  const { code, stdout } = await exec.run(engine, listArgs());
  if (code !== 0) return; // whatever is wrong with the engine, what comes next says it better
  const dead = stdout.split('\n').flatMap((line) => {
    const [name = '', created = ''] = line.trim().split('\t');
    return isOfTheDead(name, created, now) ? [name] : [];
  });
  for (const name of dead) await exec.run(engine, killArgs(name));
  if (dead.length > 0) await exec.run(engine, removeArgs(dead));
}

function isOfTheDead(name: string, created: string, now: number): boolean {
  const found = parseOwned(name);
  if (found?.prefix !== containerPrefix) return false;
  const life = lifeOf(found.owner);
  return life === 'dead' || (life === 'unknown' && now - readTime(created) > longestBuildMs);
}

/** `2026-11-27 14:26:21.123 +0000 UTC`, as Docker and podman say it; the future when they say it otherwise. */
function readTime(text: string): number {
  const [, day, time, zone] = /^(\S+) (\d+:\d+:\d+)\S* ([+-]\d{4})/.exec(text) ?? [];
  const parsed = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(parsed) ? Infinity : parsed;
}
