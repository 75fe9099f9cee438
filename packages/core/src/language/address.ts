import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { templatedAsWritten } from './slots.ts';
import { render, type Values } from './template.ts';

const npmAddress = /^npm:(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*@[A-Za-z0-9][\w.+-]*$/;
const webAddress = /^https?:\/\/[a-z0-9.-]+(?::\d+)?\//;

const Artifact = z.string().refine((text) => webAddress.test(text) || /^npm:.+@.+/.test(text), {
  error: 'expected http(s)://HOST/… or npm:PACKAGE@VERSION with the host written out',
});
const Sidecar = z.string().refine((text) => webAddress.test(text) || text.startsWith('{url}'), {
  error: 'expected http(s)://HOST/… or {url}… with the host written out',
});

/** The template of an artifact’s address. The host must stand there as text. */
export function artifactAddress(help: string): z.ZodType<string> {
  return templatedAsWritten(Artifact, 'entry', renderAddress).describe(help);
}

/** The template of the address of something beside an artifact: a checksum, a signature, a key. */
export function sidecarAddress(help?: string): z.ZodType<string> {
  const address = templatedAsWritten(Sidecar, 'proof', renderAddress);
  return help === undefined ? address : address.describe(help);
}

/**
 * Fills in an address. Values are percent-encoded but for characters that mean nothing in a path; `{url}` is
 * an address already. The result never leaves the folder it names by `..`.
 */
export function renderAddress(template: string, values: Values): string {
  const encoded = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, name === 'url' ? value : encode(value)]),
  );
  const address = render(template, encoded);
  if (address.startsWith('npm:')) {
    if (npmAddress.test(address)) return address;
    throw new UserError('recipe.address', `expected npm:PACKAGE@VERSION, got "${address}"`);
  }
  const parts = address.split(/[?#]/, 1)[0]?.split('/') ?? [];
  if (
    !URL.canParse(address) ||
    !address.isWellFormed() ||
    parts.some((part) => /^(?:\.|%2e){1,2}$/i.test(part))
  ) {
    throw new UserError('recipe.address', `expected an address without "." or ".." parts, got "${address}"`);
  }
  return address;
}

/** The last part of an address, as it stands there. */
export function lastPart(address: string): string {
  return address.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '';
}

/** The last part of an address as a file name, decoded: what a checksum file calls the artifact. */
export function baseName(address: string): string {
  const last = lastPart(address);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function encode(value: string): string {
  if (!value.isWellFormed()) {
    throw new UserError(
      'recipe.address',
      `expected Unicode text in an address, got half of a surrogate pair in ${JSON.stringify(value)}`,
    );
  }
  // GitHub and most hosts serve "+" in a path both ways; mirrors of plain files know only the literal one.
  return encodeURIComponent(value).replaceAll(/%(2B|2F|40|3A|2C|3D)/g, decodeURIComponent);
}
