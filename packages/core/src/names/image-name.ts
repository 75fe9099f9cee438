import { Arch } from './arch.ts';

export interface ImageName {
  readonly name: string;
  readonly version?: string;
  readonly arch?: Arch;
}

/**
 * Reads `NAME-VERSION-ARCH.raw`, `NAME-VERSION.raw` or `NAME.raw` (a file name without folders) for an
 * image whose extension is called `name`; `undefined` when it is none of these. Names and versions both
 * hold "-", so the name cannot be told from the file name alone.
 */
export function parseHostImageName(file: string, name: string): ImageName | undefined {
  if (file === `${name}.raw`) return { name };
  if (!file.startsWith(`${name}-`) || !file.endsWith('.raw')) return undefined;
  const rest = file.slice(name.length + 1, -'.raw'.length);
  const arch = archIn(rest);
  const version = arch === undefined ? rest : rest.slice(0, -arch.length - 1);
  if (!/^v?\d/.test(version)) return undefined;
  return { name, version, ...(arch !== undefined && { arch }) };
}

function archIn(text: string): Arch | undefined {
  return Arch.options.find((arch) => text.endsWith(`-${arch}`));
}
