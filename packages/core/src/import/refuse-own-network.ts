import { UserError } from '../diagnostics/user-error.ts';
import { isPrivateHost } from '../fetch/public-address.ts';

/**
 * Refuses a draft that would ask anything but public places over https: a stranger's script wrote it, and nobody has
 * read it when it is built for the first time.
 */
export function refuseOwnNetwork(draft: unknown): void {
  const bad = addressesOf(draft).find((address) => !isPublic(address));
  if (bad === undefined) return;
  throw new UserError('input.invalid', `expected public https addresses in a draft, got ${bad}`, {
    hint: 'if that is right, build the recipe by bakery create, which believes it',
  });
}

/** Whether an address is one of a public place, asked so that nobody else can answer. */
export function isPublic(address: string): boolean {
  const host = URL.parse(address)?.hostname;
  const isFixed = !/^[a-z]+:\/\/[^/]*[{@]/.test(address);
  return address.startsWith('https://') && isFixed && host !== undefined && !isPrivateHost(host);
}

const texts = new Set(['text', 'homepage', 'summary', 'help']);

/** All that a recipe could ask. */
export function addressesOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') {
    if (key === 'host') return [`https://${value}/`];
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
    texts.has(name) ? [] : addressesOf(item, Array.isArray(value) ? key : name),
  );
}
