import { UserError } from '../diagnostics/user-error.ts';
import { parsePairs } from '../language/pairs.ts';
import type { Arch } from '../names/arch.ts';
import { ociArch } from './engine.ts';

/** Container images to use instead of those recipes name. */
export interface ImageOverride {
  /** A whole reference, or the start of some when it ends in "/". */
  readonly from: string;
  /** May hold `{arch}`, amd64 or arm64. */
  readonly to: string;
}

export interface ChosenImage {
  readonly reference: string;
  /**
   * Somebody put this very image in the place of another: it brings the packages a step asks for, and is
   * never pulled when it is there.
   */
  readonly prepared: boolean;
}

/** Reads `FROM=TO,FROM=TO`; `source` names the text in errors, e.g. `BAKERY_IMAGES`. */
export function parseImageOverrides(text: string, source: string): ImageOverride[] {
  return parsePairs(text, source, form).map(([from, to]) => checked({ from, to }, source));
}

/** Reads the `images:` map of bakery.yaml. */
export function imageOverridesFromMap(
  map: Readonly<Record<string, string>>,
  source: string,
): ImageOverride[] {
  return Object.entries(map).map(([from, to]) => checked({ from, to }, source));
}

/** The image to use for `reference`: an override of exactly it, else of the longest start, else itself. */
export function chooseImage(reference: string, arch: Arch, overrides: readonly ImageOverride[]): ChosenImage {
  const exact = overrides.find(({ from }) => from === reference);
  if (exact !== undefined) {
    return { reference: exact.to.replaceAll('{arch}', ociArch(arch)), prepared: true };
  }
  const [mirror] = overrides
    .filter(({ from }) => from.endsWith('/') && reference.startsWith(from))
    .toSorted((a, b) => b.from.length - a.from.length);
  if (mirror === undefined) return { reference, prepared: false };
  const to = mirror.to.replaceAll('{arch}', ociArch(arch));
  return { reference: to + reference.slice(mirror.from.length), prepared: false };
}

const form = { pattern: /^([^=]+)=([^=]+)$/, shown: 'IMAGE=IMAGE' };

function checked(override: ImageOverride, source: string): ImageOverride {
  const { from, to } = override;
  for (const reference of [from, to]) {
    if (!/^[\w./:@{}-]+$/.test(reference) || reference.startsWith('-')) {
      throw new UserError(
        'input.invalid',
        `${source}: expected the reference of a container image, got "${reference}"`,
      );
    }
  }
  if (from.endsWith('/') === to.endsWith('/')) return override;
  throw new UserError(
    'input.invalid',
    `${source}: expected "/" at the end of both (a registry) or of neither (one image), got "${from}" and "${to}"`,
  );
}
