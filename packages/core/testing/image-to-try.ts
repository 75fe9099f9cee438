import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packImage } from '../src/image/pack.ts';
import type { Arch } from '../src/names/arch.ts';
import { silentReport } from '../src/ports/report.ts';
import { parseRecipe } from '../src/recipe/load.ts';
import { extensionReleasePath } from '../src/systemd/extension-release.ts';
import type { ImageToTry } from '../src/trial/open-subject.ts';
import type { HostContext } from '../src/trial/this-host.ts';

export interface Planted {
  readonly name?: string;
  readonly arch?: Arch;
  /** Name of its program. */
  readonly program?: string;
  /** Path in the image → content; what is below a bin folder, or is bytes, can be executed. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Keys of the recipe beside those that every recipe has. */
  readonly recipe?: string;
  /** Assignments of the extension-release. */
  readonly release?: string;
}

/** An image as strangers make them, which no check of ours saw, in a folder of its own below `folder`. */
export async function imageToTry(
  folder: string,
  {
    name = 'planted',
    arch = 'x86-64',
    program = 'planted',
    files = {},
    recipe = '',
    release = 'ID=_any',
  }: Planted,
  context: HostContext & { readonly path: string },
): Promise<ImageToTry> {
  const root = join(folder, name, 'root');
  const said = `${release}\nARCHITECTURE=${arch}\n`;
  const script = '#!/bin/sh\necho planted 1.0\n';
  const all = { [`usr/bin/${program}`]: script, ...files, [extensionReleasePath(name)]: said };
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    if (path.includes('bin/') || typeof content !== 'string') await chmod(join(root, path), 0o755);
  }
  const output = join(folder, name, `${name}-1.0-${arch}.raw`);
  const packed = { format: 'squashfs', epoch: 0, compression: 'gzip', level: 1 } as const;
  await packImage({ root, output, name, ...packed }, { ...context, report: silentReport });
  const text = `recipe: 1
name: ${name}
summary: Planted
homepage: https://planted.example/
license: MIT
versions: { from: http, url: 'https://planted.example/', regex: '(.+)' }
arch: { x86-64: x64, arm64: a64 }
${recipe}`;
  const loaded = { ...parseRecipe(text, `recipes/${name}/recipe.yaml`), folder };
  return { path: output, recipeOf: async () => ({ loaded, version: '1.0', options: {} }) };
}
