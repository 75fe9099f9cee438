import { access, constants, mkdir, statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { showBytes } from '@bakery/core/diagnostics.ts';
import { findCage } from '@bakery/core/image.ts';
import { isAtLeast, toolFor, tools, toolVersions } from '@bakery/core/tools.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import { showTable } from '../table.ts';

interface Check {
  readonly what: string;
  readonly state: 'good' | 'missing' | 'old' | 'bad';
  readonly detail: string;
}

/** `doctor`: what this machine has of what the bakery needs. */
export function doctorCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('check this machine for what the bakery needs')
      .description(
        'Looks for the tools, their versions, the cache, and room for scratch files. Changes nothing.',
      )
      .action(
        action(async () => {
          const bakery = await openBakery(globals(), io);
          const checks = [
            { what: 'node', state: 'good' as const, detail: process.versions.node },
            ...(await checkTools(bakery)),
            await checkCage(bakery, io.isRoot),
            await checkFolder('cache', bakery.cacheFolder),
            await checkFolder('scratch', io.tmpdir),
          ];
          if (globals().json === true) printJson(io.out, checks);
          else io.out.write(showTable(checks.map(({ what, state, detail }) => [what, state, detail])));
          // A missing tool is installed, or asked for, when a job needs it.
          return checks.every(({ state }) => state === 'good' || state === 'missing') ? done : failed;
        }),
      );
}

async function checkTools({ ports, path }: Bakery): Promise<Check[]> {
  const found = await toolVersions(
    tools.map(({ program }) => program),
    { exec: ports.exec, path },
  );
  return found.map(({ program, path: at, version }): Check => {
    const { packages, why, atLeast } = toolFor(program);
    if (at === undefined) {
      return {
        what: program,
        state: 'missing',
        detail: `needed to ${why}: apt-get install ${packages['apt-get']}`,
      };
    }
    if (atLeast !== undefined && version !== undefined && !isAtLeast(version, atLeast)) {
      return { what: program, state: 'old', detail: `${version}, expected ${atLeast} or newer` };
    }
    return { what: program, state: 'good', detail: version ?? at };
  });
}

/** What is around programs that read images of strangers. Whatever is missing, names and sizes are checked first. */
async function checkCage({ ports, path }: Bakery, isRoot: boolean): Promise<Check> {
  const { isClosed, isNobody, isBounded } = await findCage({ exec: ports.exec, path, isRoot });
  const has = [
    ...(isClosed ? ['everything but their folder is read-only'] : []),
    ...(isNobody ? ['they run as nobody'] : []),
    ...(isBounded ? ['time, memory and size of files are bounded'] : []),
  ];
  const lacks = [
    ...(isClosed
      ? []
      : [
          'what is outside their folder can be written: apt-get install bubblewrap, and let it use namespaces',
        ]),
    ...(isNobody || !isRoot ? [] : ['they run as root: apt-get install util-linux']),
    ...(isBounded ? [] : ['nothing bounds them: apt-get install util-linux']),
  ];
  const state = lacks.length === 0 ? 'good' : 'missing';
  return { what: 'strangers’ images', state, detail: [...lacks, ...has].join('; ') };
}

async function checkFolder(what: string, folder: string): Promise<Check> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return { what, state: 'good', detail: `${folder}, ${showBytes(bavail * bsize)} free` };
  } catch (error) {
    return { what, state: 'bad', detail: error instanceof Error ? error.message : String(error) };
  }
}
