import { type HeldProcess, holdProcess } from './held-process.ts';

export type Namespace = HeldProcess;

/**
 * Mounts and processes of our own. All processes started in it die with its first one, and so with this
 * process however that ends; the mounts go with the last of them. With `lock`, waits until no other
 * namespace has locked that file.
 */
export async function startNamespace(lock?: string): Promise<Namespace> {
  const unshare = ['--mount', '--propagation=private', '--pid', '--fork', '--kill-child', '--'];
  // Without a fork in between, the process we hold is unshare itself.
  if (lock !== undefined) return holdProcess('flock', ['--no-fork', lock, 'unshare', ...unshare]);
  return holdProcess('unshare', unshare);
}

/** Arguments of `nsenter` in front of a command that is to run in the namespace. */
export function enter({ pid }: Namespace): string[] {
  return [`--mount=/proc/${pid}/ns/mnt`, `--pid=/proc/${pid}/ns/pid_for_children`, '--'];
}
