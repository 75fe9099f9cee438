import { UserError } from '../diagnostics/user-error.ts';
import type { Exec, Finished } from '../ports/exec.ts';
import type { DiskGuest, KernelGuest } from './guest.ts';
import type { Machine } from './machine.ts';

export interface KvmRequest {
  readonly machine: Machine;
  readonly system: { readonly guest: KernelGuest | DiskGuest };
}

const mostSeconds = 60; // a kernel alone takes two, emulated four

/**
 * Whether KVM runs a guest. Where it is there, it may still not open, as in machines within machines and without the right
 * to use it; and where it opens it may know only some instructions and stop the guest at the first other one, for ever,
 * as kvm-pvm does: so the guest's kernel, where QEMU is handed one, is started alone. It panics for want of a root, which
 * ends QEMU.
 */
export async function hasKvm(
  { machine, system }: KvmRequest,
  cwd: string,
  { exec }: { readonly exec: Exec },
): Promise<boolean> {
  const run = (args: readonly string[], input: string): Promise<Finished> =>
    exec.run(machine.qemu, [...kvmArgs(machine), ...args], { cwd, input, mostSeconds, isLast: isKvmError });
  try {
    const opened = await run(['-S', '-monitor', 'stdio'], 'quit\n');
    if (opened.code !== 0) return false;
    if (!('kernel' in system.guest)) return true;
    const { kernel } = system.guest;
    const ended = await run(['-m', '512', '-no-reboot', '-kernel', kernel, '-append', 'panic=-1'], '');
    return ended.code === 0;
  } catch (error) {
    if (error instanceof UserError && error.code === 'program.failed') return false;
    throw error;
  }
}

function kvmArgs({ arguments: own }: Machine): string[] {
  return [...own, '-accel', 'kvm', '-cpu', 'max', '-nodefaults', '-display', 'none'];
}

function isKvmError(line: string): boolean {
  return line.startsWith('KVM internal error');
}
