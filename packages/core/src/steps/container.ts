import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { endedWith, lastLines } from '../ports/last-lines.ts';
import { readMembers } from '../stage/members.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import * as argv from './container-args.ts';
import { hintOfEngine } from './engine-trouble.ts';
import { type Engine, requireEngine } from './engine.ts';
import { findImage } from './find-image.ts';
import { chooseImage } from './image-overrides.ts';
import { containerScript, packageList, scriptName } from './in-container.ts';
import { containerName, removeDeadContainers } from './leftovers.ts';
import { runLogged } from './run-logged.ts';

export interface ContainerRequest {
  readonly image: string;
  readonly network: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
  /** Folder to be put into the container as `inputFolder`, where it belongs to root; gets one more file. */
  readonly input: string;
  /** Path of a program of the input, or `""` to run nothing but the installation of packages. */
  readonly program: string;
  /** Names the log, when it fails. */
  readonly title: string;
}

/** A container that has ended well; its files can be taken until it is disposed. */
export interface EndedContainer extends AsyncDisposable {
  readonly image: NonNullable<BuildRecord['image']>;
  /** `NAME VERSION` of each package in it, sorted. */
  readonly packages: readonly string[];
  /** Writes a tar of the output folder: members start with `out/`. */
  saveOutput(file: string): Promise<void>;
  /** Writes a tar of all its files. */
  saveRoot(file: string): Promise<void>;
}

/**
 * Runs a program in a new container of the target architecture. Input and output are copied and never mounted:
 * what comes out belongs to the caller, with a daemon of another user as well.
 */
export async function runContainer(
  request: ContainerRequest,
  context: BuildContext,
): Promise<EndedContainer> {
  const { exec, report } = context.ports;
  const engine = await requireEngine(context);
  await removeDeadContainers(exec, engine);
  const chosen = chooseImage(request.image, context.arch, context.images);
  const image = await findImage(chosen.reference, context.arch, { exec, engine, offline: context.offline });
  if (context.offline && request.network) {
    throw new UserError(
      'fetch.offline',
      `${context.name}: expected not to need the network (--offline), its build does`,
    );
  }
  await writeFile(join(request.input, scriptName), containerScript, { mode: 0o755, flag: 'wx' });
  const name = containerName();
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => void (await exec.run(engine, argv.removeArgs([name]))));
  const packages = chosen.prepared ? [] : request.packages;
  const plan: argv.ContainerPlan = {
    name,
    image: image.name,
    arch: context.arch,
    network: request.network,
    env: request.env,
    command: [`${argv.inputFolder}/${scriptName}`, request.program, ...packages],
  };
  await runEngine(engine, argv.createArgs(plan, engine), context);
  await runEngine(engine, argv.copyInArgs(name, request.input), context);
  report.info(`run ${request.program || 'the installation of packages'} in ${chosen.reference}`);
  await runLogged(engine, argv.startArgs(name), request.title, context);
  const used = chosen.reference === request.image ? {} : { used: chosen.reference };
  const cleanup = stack.move();
  return {
    image: { reference: request.image, id: image.id, ...used },
    packages: await readPackages(engine, name, context),
    saveOutput: (file) => save(engine, argv.copyOutArgs(name, argv.outputFolder), file, context),
    saveRoot: (file) => runEngine(engine, argv.exportArgs(name, file), context),
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  };
}

/** An empty input for a container, as `runContainer` wants it. */
export async function inputIn(folder: string): Promise<string> {
  const input = join(folder, argv.inputFolder);
  await mkdir(input);
  return input;
}

async function readPackages(engine: Engine, name: string, context: BuildContext): Promise<readonly string[]> {
  const file = join(context.scratch, `${name}.packages`);
  await save(engine, argv.copyOutArgs(name, packageList), file, context);
  const lines = await firstMember(file, context);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

async function firstMember(file: string, { ports }: BuildContext): Promise<string> {
  const archive = { path: file, format: 'tar' as const, label: 'list of packages' };
  for await (const { body } of readMembers(archive, packageListLimit, ports)) {
    return Buffer.concat(await Array.fromAsync(body)).toString('utf8');
  }
  return '';
}

const packageListLimit = 16 * 1024 ** 2; // bytes; a thousand packages take 50 KB

async function save(
  engine: Engine,
  args: readonly string[],
  file: string,
  { ports }: BuildContext,
): Promise<void> {
  await pipeline(ports.exec.filter(engine, args, Readable.from([])), createWriteStream(file));
}

async function runEngine(engine: Engine, args: readonly string[], { ports }: BuildContext): Promise<void> {
  const { code, stdout, stderr } = await ports.exec.run(engine, args);
  if (code === 0) return;
  const said = lastLines({ stdout, stderr });
  const hint = hintOfEngine(said);
  throw new UserError(
    'program.failed',
    `${engine} ${args[0]}: ${endedWith(code)}\n  ${said}`,
    hint === undefined ? {} : { hint },
  );
}
