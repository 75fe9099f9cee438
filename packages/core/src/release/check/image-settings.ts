import { defaultFormat, type ImageFormat } from '../../image/formats.ts';
import { type PackRequest, requireSettings } from '../../image/pack.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';

/** How to pack images, as far as somebody said so for this run. */
export interface ImageSettings extends Omit<PackRequest, 'root' | 'output' | 'name' | 'announce' | 'format'> {
  readonly format?: ImageFormat;
}

/** What a run leaves open comes from the settings of the bakery; a level goes with its compressor, both with a format. */
export function chooseImage(
  given: ImageSettings,
  { image: { format, compression, level } = {} }: Pick<LoadedRecipe, 'image'>,
): ImageSettings & { readonly format: ImageFormat } {
  const chosen = given.format ?? format ?? defaultFormat;
  const fits = chosen === (format ?? defaultFormat);
  return {
    ...(fits && compression !== undefined ? { compression } : {}),
    ...(fits && given.compression === undefined && level !== undefined ? { level } : {}),
    ...given,
    format: chosen,
  };
}

/** UserError where no image could be packed like that. */
export function requirePackable(given: ImageSettings, loaded: Pick<LoadedRecipe, 'image'>): void {
  requireSettings(chooseImage(given, loaded));
}
