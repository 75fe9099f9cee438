import { type Arch, allArches } from './arch.ts';

/** What file names of images end in. */
export function imageEnd(arch: Arch): string {
  return `-${arch}.raw`;
}

export function holdsImageEnd(text: string): boolean {
  return allArches.some((arch) => text.includes(imageEnd(arch)));
}
