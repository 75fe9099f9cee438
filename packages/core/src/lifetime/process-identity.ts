import { readFile } from 'node:fs/promises';

/** Which process holds something: survives pid reuse and, by the boot id, a restart of the machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot id and start time in clock ticks since boot, as the kernel tells them (proc(5)). */
  readonly started: string;
}

export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The program's name may hold anything but ends at the last ")"; starttime is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, started: `${boot.trim()}/${fields[19]}` };
  } catch {
    return undefined;
  }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}
