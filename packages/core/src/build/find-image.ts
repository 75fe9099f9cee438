import type { Arch } from '../arch.ts';
import type { Exec } from '../ports/exec.ts';
import { UserError } from '../user-error.ts';
import { inspectImageArgs, pullArgs } from './container-args.ts';
import { type Engine, ociArch } from './engine.ts';

export interface FoundImage {
  readonly reference: string;
  /** Content address of the image for its arch; what a container is made of. */
  readonly id: string;
}

interface Context {
  readonly exec: Exec;
  readonly engine: Engine;
  readonly offline: boolean;
}

/**
 * An image of the right architecture in the engine's store, pulled when it is missing. One reference may stand
 * for images of several architectures, and the store may hold another one than the one asked for.
 */
export async function findImage(reference: string, arch: Arch, context: Context): Promise<FoundImage> {
  const here = await inspect(reference, context);
  if (here !== undefined && here.platform === platformOf(arch)) return { reference, id: here.id };
  if (context.offline) {
    throw new UserError(
      `image ${reference}: expected it for ${arch} in the store of ${context.engine}, to work offline; ` +
        (here === undefined ? 'it is not there' : `it is there for ${here.platform}`),
    );
  }
  const { code, stdout, stderr } = await context.exec.run(context.engine, pullArgs(reference, arch));
  if (code !== 0) {
    const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    throw new UserError(`image ${reference}: cannot be pulled for ${arch}: ${said}`, {
      hint: 'BAKERY_IMAGES=IMAGE=LOCAL-IMAGE puts another one in its place',
    });
  }
  const pulled = await inspect(reference, context);
  if (pulled?.platform === platformOf(arch)) return { reference, id: pulled.id };
  throw new UserError(
    `image ${reference}: expected one for ${platformOf(arch)}, got ${pulled?.platform ?? 'none'}`,
  );
}

async function inspect(
  reference: string,
  { exec, engine }: Context,
): Promise<{ readonly id: string; readonly platform: string } | undefined> {
  const { code, stdout } = await exec.run(engine, inspectImageArgs(reference));
  const [id, platform] = stdout.trim().split(' ');
  return code === 0 && id !== undefined && platform !== undefined ? { id, platform } : undefined;
}

function platformOf(arch: Arch): string {
  return `linux/${ociArch(arch)}`;
}
