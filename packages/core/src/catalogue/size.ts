import { UserError } from '../diagnostics/user-error.ts';
import { catalogueName } from '../names/catalogue-name.ts';

export const mostBytes = 64 * 1024 ** 2; // what readers take of a store or a hub; 170,000 images
const noticedBytes = mostBytes / 2; // years before, at the pace at which it came there

const wayOut =
  'retention: {keep: 3, remove-after: 30} in the settings of bakery.yaml removes old versions, and their images leave it';

/** Why a catalogue cannot be published. */
export function whyTooLarge(text: string): UserError | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostBytes) return undefined;
  const got = `expected at most ${mebi(mostBytes)}, as no reader takes more, got ${mebi(bytes)}`;
  return new UserError('catalogue.too-large', `${catalogueName}: ${got}; the one published before stays`, {
    hint: wayOut,
  });
}

/** What to say of one that readers take, though not for ever. */
export function noticeOfSize(text: string): string | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes <= noticedBytes || bytes > mostBytes) return undefined;
  return `${catalogueName} has ${mebi(bytes)}, and no reader takes more than ${mebi(mostBytes)}: ${wayOut}`;
}

function mebi(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
