import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * A process, told from every other: by the boot of its kernel, its pid namespace, its pid in there, and when it
 * started, since pids are given out again.
 */
export interface Owner {
  /** Start of the kernel's boot id; of the host's name where the kernel does not tell. */
  readonly boot: string;
  /** Number of the pid namespace; `0` where nobody wrote it down. */
  readonly namespace: string;
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly started: string;
}

/** `unknown`: on another machine or in another pid namespace, whose processes cannot be seen from here. */
export type Life = 'alive' | 'dead' | 'unknown';

/** Which process `pid` of this namespace is; this one by default. */
export function ownerOf(pid: number = process.pid): Owner {
  const namespace = /\d+/.exec(attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '')?.[0] ?? '0';
  const started = readStart(pid === process.pid ? 'self' : pid) ?? '0';
  return { boot: shortBoot(bootId()), namespace, pid, started };
}

export function lifeOf(owner: Owner): Life {
  const self = ownerOf();
  if (owner.boot !== self.boot) return 'unknown';
  if (owner.namespace === self.namespace && owner.pid === self.pid) {
    return owner.started === self.started ? 'alive' : 'dead';
  }
  // Where /proc is that of another namespace, the pid is somebody else's.
  if (attempt(() => readlinkSync('/proc/self')) !== String(process.pid)) return 'unknown';
  const isThere = readStart(owner.pid) === owner.started;
  if (owner.namespace === self.namespace) return isThere ? 'alive' : 'dead';
  return isThere && owner.namespace === '0' ? 'alive' : 'unknown';
}

/** The end of a name that says whose it is; never twice the same. */
export function ownerToken({ boot, namespace, pid, started }: Owner = ownerOf()): string {
  return [boot, namespace, pid, started, randomBytes(8).toString('hex')].join('-');
}

/** The owner in the end of a name, with what stands before it. */
export function parseOwned(name: string): { readonly prefix: string; readonly owner: Owner } | undefined {
  const now = token.exec(name)?.groups;
  const before = oldToken.exec(name)?.groups;
  const found = now ?? before;
  if (found === undefined) return undefined;
  const { prefix = '', boot = '', namespace = '0', pid, started = '' } = found;
  return { prefix, owner: { boot: shortBoot(boot), namespace, pid: Number(pid), started } };
}

const token =
  /^(?<prefix>.*?)(?<boot>[\da-f]{16})-(?<namespace>\d+)-(?<pid>\d+)-(?<started>\d+)-[\da-f]{16}$/;
const uuid = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`;
/** Of earlier versions, which wrote no namespace down. */
const oldToken = new RegExp(`^(?<prefix>.*?)(?<pid>\\d+)-(?<boot>${uuid})_(?<started>\\d+)-${uuid}$`);

export function bootId(): string {
  const id = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  return id ?? Buffer.from(hostname()).toString('hex').padEnd(32, '0');
}

export function shortBoot(id: string): string {
  return id.replaceAll('-', '').slice(0, 16);
}

/** When a process started, as the kernel tells it (proc(5)); nothing for one that is gone or a zombie. */
function readStart(pid: number | 'self'): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The program's name may hold anything but ends at the last ")"; the state is field 3, starttime field 22.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
