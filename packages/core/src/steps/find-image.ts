import { UserError } from '../diagnostics/user-error.ts';
import type { Arch } from '../names/arch.ts';
import type { Exec, Finished } from '../ports/exec.ts';
import { inspectImageArgs, inspectOneImageArgs, pullArgs, tagArgs, untagArgs } from './container-args.ts';
import { hintOfEngine } from './engine-trouble.ts';
import { type Engine, ociArch } from './engine.ts';

export interface FoundImage {
  /** Content address of the image, as the engine tells it. */
  readonly id: string;
  /** What to make a container of, with its platform: Docker does not take every id it tells. */
  readonly name: string;
}

interface Context {
  readonly exec: Exec;
  readonly engine: Engine;
  readonly offline: boolean;
}

interface StoredImage extends FoundImage {
  readonly platform: string;
}

// Both architectures of a recipe are built at once, maybe by several runs: each may take the digest from the other.
const attempts = 3;

/**
 * An image of the right architecture in the engine's store, pulled when it is missing. One reference may stand
 * for images of several architectures, and the store may hold another one than the one asked for.
 */
export async function findImage(reference: string, arch: Arch, context: Context): Promise<FoundImage> {
  for (let attempt = 1; ; attempt++) {
    const here = await look(reference, arch, context);
    if (here?.platform === platformOf(arch)) return here;
    const isThere = here === undefined ? 'it is not there' : `it is there for ${here.platform}`;
    if (context.offline) {
      throw new UserError(
        'build.image',
        `image ${reference}: expected it for ${arch} in the store of ${context.engine}, to work offline; ${isThere}`,
      );
    }
    const { code, stdout, stderr } = await pull(reference, arch, here, context);
    if (code === 0) {
      const pulled = await look(reference, arch, context);
      if (pulled?.platform === platformOf(arch)) return pulled;
      if (attempt < attempts) continue;
      throw new UserError(
        'build.image',
        `image ${reference}: expected one for ${platformOf(arch)}, got ${pulled?.platform ?? 'none'}`,
      );
    }
    if (attempt < attempts && isTaken(stderr)) continue;
    throw new UserError(
      'build.image',
      `image ${reference}: cannot be pulled for ${arch}, and ${isThere}: ${lastLine(stderr) || lastLine(stdout)}`,
      { hint: hintOfEngine(stderr) ?? 'BAKERY_IMAGES=IMAGE=LOCAL-IMAGE puts another one in its place' },
    );
  }
}

/** The image for `arch` behind a reference when the store has it, else any other one. */
async function look(reference: string, arch: Arch, context: Context): Promise<StoredImage | undefined> {
  if (context.engine === 'docker') {
    // The store that Docker 29 starts with has images of all architectures, and without a choice shows one of them.
    const chosen = await inspect(inspectOneImageArgs(reference, arch), context);
    if (chosen?.platform === platformOf(arch)) return { ...chosen, name: reference };
  }
  const shown = await inspect(inspectImageArgs(reference), context);
  if (shown?.platform === platformOf(arch)) return shown;
  const name = keptName(reference, platformOf(arch));
  const kept = name === undefined ? undefined : await inspect(inspectImageArgs(name), context);
  return kept ?? shown;
}

async function inspect(args: readonly string[], { exec, engine }: Context): Promise<StoredImage | undefined> {
  const { code, stdout, stderr } = await exec.run(engine, args);
  const hint = hintOfEngine(stderr);
  if (hint !== undefined) throw new UserError('program.failed', `${engine}: ${lastLine(stderr)}`, { hint });
  const [id, platform] = stdout.trim().split(' ');
  return code === 0 && id !== undefined && platform !== undefined ? { id, name: id, platform } : undefined;
}

/**
 * Older stores have one image behind a digest: that of another architecture gets a name of ours first. podman
 * would forget it, and Docker would refuse to pull until the digest is free.
 */
async function pull(
  reference: string,
  arch: Arch,
  here: StoredImage | undefined,
  { exec, engine }: Context,
): Promise<Finished> {
  const name = here === undefined ? undefined : keptName(reference, here.platform);
  const isKept =
    here !== undefined && name !== undefined && (await exec.run(engine, tagArgs(here.id, name))).code === 0;
  const pulled = await exec.run(engine, pullArgs(reference, arch));
  if (!isKept || !isTaken(pulled.stderr)) return pulled;
  await exec.run(engine, untagArgs(reference));
  return exec.run(engine, pullArgs(reference, arch));
}

function isTaken(stderr: string): boolean {
  return /cannot overwrite digest/i.test(stderr);
}

/** `undefined` for references without a digest. */
function keptName(reference: string, platform: string): string | undefined {
  const [, digest] = /@sha256:([\da-f]{64})$/.exec(reference) ?? [];
  if (digest === undefined) return undefined;
  return `localhost/bakery-kept:${digest}-${platform.replace('linux/', '')}`;
}

function platformOf(arch: Arch): string {
  return `linux/${ociArch(arch)}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
