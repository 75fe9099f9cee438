import { UserError } from '../diagnostics/user-error.ts';

/** What a published version must look like, and what breaks if it does not. */
interface Rule {
  readonly holds: (version: string) => boolean;
  readonly why: (version: string) => string;
}

// A release tag NAME-VERSION and a file NAME-VERSION-ARCH.raw with a temporary suffix must stay
// below 255 bytes, and a name may take 63 of them.
const maxLength = 128;

const carried = /[A-Za-z0-9._+-]/;

const rules: readonly Rule[] = [
  { holds: (version) => version !== '', why: () => 'it is empty' },
  {
    holds: (version) => version.length <= maxLength,
    why: (version) => `it has ${version.length} characters, expected at most ${maxLength}`,
  },
  { holds: (version) => strayCharacter(version) === undefined, why: explainCharacter },
  {
    holds: (version) => /^v?\d/.test(version),
    why: (version) => `expected a digit or "v" and a digit first, got "${version.slice(0, 2)}"`,
  },
  {
    holds: (version) => /[A-Za-z0-9]$/.test(version),
    why: (version) => `expected a letter or digit last, got "${version.slice(-1)}"`,
  },
  { holds: (version) => !version.includes('..'), why: () => 'git refuses ".." in a tag' },
  { holds: (version) => !version.endsWith('.lock'), why: () => 'git refuses a tag that ends in ".lock"' },
];

/** Why `version` cannot be published, or `undefined` when it can. */
export function whyUnpublishable(version: string): string | undefined {
  return rules.find((rule) => !rule.holds(version))?.why(version);
}

/** A UserError that names the character and the reason when `version` cannot be published. */
export function requirePublishable(version: string): void {
  const why = whyUnpublishable(version);
  if (why === undefined) return;
  throw new UserError('name.invalid', `version "${version}" cannot be published: ${why}`, {
    hint: 'letters, digits and . _ + - survive in git tags, GitHub assets and systemd; strip, match or exclude in the recipe helps',
  });
}

function strayCharacter(version: string): string | undefined {
  return Array.from(version).find((char) => !carried.test(char));
}

function explainCharacter(version: string): string {
  const char = strayCharacter(version) ?? '';
  return `${showCharacter(char)} ${explain(char)}`;
}

function showCharacter(char: string): string {
  if (/^[\x21-\x7e]$/.test(char)) return `"${char}"`;
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code}`;
}

function explain(char: string): string {
  if ('~^:'.includes(char)) {
    return 'is refused in git tags, becomes "." in GitHub asset names and hides the file from systemd up to 261';
  }
  if ('?*[\\ '.includes(char)) return 'is refused in git tags and by systemd';
  if (char === '/') return 'makes systemd up to 261 refuse the whole SHA256SUMS';
  if (char === ',') return 'becomes "." in GitHub asset names';
  if (char === '@') return 'hides the file from systemd';
  return 'becomes "." in GitHub asset names and hides the file from systemd';
}
