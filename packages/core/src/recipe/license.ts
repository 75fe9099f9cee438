import parse from 'spdx-expression-parse';

/** Whether it is an expression of SPDX, with identifiers of its list or `LicenseRef-…`. */
export function isSpdx(license: string): boolean {
  try {
    parse(license);
    return true;
  } catch {
    return false;
  }
}
