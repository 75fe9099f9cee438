import { UserError } from '../diagnostics/user-error.ts';
import type { Exec, Finished } from '../ports/exec.ts';
import { lastLines } from '../ports/last-lines.ts';
import type { Report } from '../ports/report.ts';
import type { Manager } from './known-tools.ts';

const lockSeconds = 300; // unattended-upgrades may hold dpkg's lock for minutes after boot

export const managers: readonly Manager[] = ['apt-get', 'dnf', 'apk', 'zypper'];

const argumentsOf: Readonly<
  Record<Manager, { readonly install: readonly string[]; readonly update: readonly string[] }>
> = {
  'apt-get': {
    install: ['install', '-y', '--no-install-recommends', '-o', `DPkg::Lock::Timeout=${lockSeconds}`],
    update: ['update', '-q', '-o', `DPkg::Lock::Timeout=${lockSeconds}`],
  },
  dnf: { install: ['install', '-y', '--setopt=install_weak_deps=False'], update: ['makecache'] },
  apk: { install: ['add', '--wait', String(lockSeconds)], update: ['update'] },
  zypper: {
    install: ['--non-interactive', 'install', '--no-recommends'],
    update: ['--non-interactive', 'refresh'],
  },
};

/** What package managers print when their lists are missing or too old. */
const unknownPackage =
  /Unable to locate package|has no installation candidate|Failed to fetch|No match for argument|no such package|not found in package names/i;

/** Command that installs `packages` as the current user. */
export function installCommand(manager: Manager, packages: readonly string[]): string[] {
  return [manager, ...argumentsOf[manager].install, ...packages];
}

/** Command that renews the lists of packages. */
export function updateCommand(manager: Manager): string[] {
  return [manager, ...argumentsOf[manager].update];
}

/** What a person types to install `packages`. */
export function commandForPeople(manager: Manager, packages: readonly string[]): string {
  const verb = manager === 'apk' ? 'add' : 'install';
  return `sudo ${manager} ${verb} ${packages.join(' ')}`;
}

export interface InstallContext {
  readonly exec: Exec;
  readonly report: Report;
  /** Put before the command: empty for root, `sudo -n` for others. */
  readonly asRoot: readonly string[];
}

/** Installs `packages`, renewing the lists of packages only when one is not in them. */
export async function installPackages(
  manager: Manager,
  packages: readonly string[],
  ctx: InstallContext,
): Promise<void> {
  const install = () => run(ctx, installCommand(manager, packages));
  let result = await install();
  if (result.code !== 0 && unknownPackage.test(result.stderr + result.stdout)) {
    ctx.report.info(`Updating the package lists with ${updateCommand(manager).join(' ')}`);
    await run(ctx, updateCommand(manager));
    result = await install();
  }
  if (result.code === 0) return;
  const said = lastLines(result);
  throw new UserError('program.missing', `${manager} could not install ${packages.join(' ')}:\n  ${said}`, {
    hint: `install them by hand: ${commandForPeople(manager, packages)}`,
  });
}

function run(ctx: InstallContext, command: readonly string[]): Promise<Finished> {
  // `env` stands after sudo, which drops the environment.
  const whole = [...ctx.asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', ...command];
  const [program = 'env', ...args] = whole;
  return ctx.exec.run(program, args);
}
