import type { DebianHost } from './debian-host.ts';

/** Paths of the libraries that a relocated program, named like its extension, gets where it is merged. */
export async function librariesOf({ run }: Pick<DebianHost, 'run'>, name: string): Promise<string[]> {
  const home = `/usr/lib/flix/${name}`;
  const [linker] = (await run('ls', [home])).stdout.match(/^ld-linux\S+/m) ?? [];
  const { stdout } = await run(`${home}/${linker}`, ['--list', `/usr/bin/${name}`]);
  return [...stdout.matchAll(/=> (\S+)/g)].map(([, path = '']) => path);
}
