import { UserError } from '@bakery/core/src/diagnostics/user-error.ts';
import type { Exec } from '@bakery/core/src/ports/exec.ts';

/** What the machine itself must have to make and start a Debian host, and the package each comes in. */
const packageOf: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  mount: 'mount',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  flock: 'util-linux',
  chroot: 'coreutils',
  env: 'coreutils',
  cat: 'coreutils',
};

/** Refuses a machine that cannot run a Debian host, saying which package to install. */
export async function checkPrograms(exec: Exec): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      'program.missing',
      `debian host: expected to run as root, to mount and chroot, is user ${process.getuid?.()}`,
    );
  }
  for (const [program, name] of Object.entries(packageOf)) {
    try {
      await exec.run(program, ['--version']);
    } catch (cause) {
      throw new UserError('program.missing', `debian host: expected the program ${program}, not found`, {
        cause,
        hint: `apt-get install ${name}`,
      });
    }
  }
}
