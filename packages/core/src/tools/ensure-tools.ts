import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import type { Report } from '../ports/report.ts';
import { isAtLeast, toolVersion } from './ask-versions.ts';
import { commandForPeople, installPackages, managers } from './install.ts';
import { type Manager, type Program, toolFor } from './known-tools.ts';
import { findProgram } from './search-path.ts';

export interface ToolContext {
  readonly exec: Exec;
  readonly report: Report;
  /** As in PATH; folders of system programs are looked into as well. */
  readonly path: string;
  readonly isRoot: boolean;
}

/**
 * Sees to it that every program of `needed` is installed and new enough. Missing ones are installed
 * when we are root or sudo asks no password; else a UserError holds the exact command.
 */
export async function ensureTools(needed: readonly Program[], ctx: ToolContext): Promise<void> {
  const missing = await missingTools(needed, ctx.path);
  if (missing.length > 0) await install(missing, ctx);
  await Promise.all(needed.map((program) => requireVersion(program, ctx)));
}

/** Those of `needed` that are not on `path`, each once. */
export async function missingTools(needed: readonly Program[], path: string): Promise<Program[]> {
  const found = await Promise.all(
    [...new Set(needed)].map(async (program) => ({ program, at: await findProgram(program, path) })),
  );
  return found.filter(({ at }) => at === undefined).map(({ program }) => program);
}

async function install(missing: readonly Program[], ctx: ToolContext): Promise<void> {
  const reasons = missing.map((program) => `${program} (needed to ${toolFor(program).why})`);
  const manager = await findManager(ctx.path);
  if (manager === undefined) {
    const packages = packagesOf('apt-get', missing).join(' ');
    throw new UserError('program.missing', `expected on PATH, not found: ${reasons.join(', ')}`, {
      hint: `install them with your package manager; Debian's packages are called ${packages}`,
    });
  }
  const packages = packagesOf(manager, missing);
  const asRoot = await waysToRoot(ctx);
  if (asRoot === undefined) {
    throw new UserError('program.missing', `expected on PATH, not found: ${reasons.join(', ')}`, {
      hint: `run: ${commandForPeople(manager, packages)}`,
    });
  }
  await ctx.report.group(`Install ${packages.join(', ')} with ${manager}`, async () => {
    for (const reason of reasons) ctx.report.info(reason);
    await installPackages(manager, packages, { ...ctx, asRoot });
  });
  const still = await missingTools(missing, ctx.path);
  if (still.length > 0) {
    throw new UserError(
      'program.missing',
      `${still.join(', ')}: still not on PATH after installing ${packages.join(', ')}`,
    );
  }
}

function packagesOf(manager: Manager, programs: readonly Program[]): string[] {
  return [...new Set(programs.flatMap((program) => toolFor(program).packages[manager].split(' ')))];
}

async function findManager(path: string): Promise<Manager | undefined> {
  for (const manager of managers) if ((await findProgram(manager, path)) !== undefined) return manager;
  return undefined;
}

/** What to put before a command that needs root, or `undefined` when there is no way without asking. */
async function waysToRoot(ctx: ToolContext): Promise<string[] | undefined> {
  if (ctx.isRoot) return [];
  if ((await findProgram('sudo', ctx.path)) === undefined) return undefined;
  const { code } = await ctx.exec.run('sudo', ['-n', 'true']);
  return code === 0 ? ['sudo', '-n'] : undefined;
}

async function requireVersion(program: Program, ctx: ToolContext): Promise<void> {
  const { atLeast } = toolFor(program);
  if (atLeast === undefined) return;
  const version = await toolVersion(program, ctx);
  if (version === undefined || isAtLeast(version, atLeast)) return;
  throw new UserError('program.too-old', `${program}: expected version ${atLeast} or newer, got ${version}`);
}
