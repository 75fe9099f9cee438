import { buildCodes } from './codes/build-codes.ts';
import type { Explained } from './codes/explained.ts';
import { fetchCodes } from './codes/fetch-codes.ts';
import { inputCodes } from './codes/input-codes.ts';
import { machineCodes } from './codes/machine-codes.ts';
import { storeCodes } from './codes/store-codes.ts';

/** Every code there is. They are a contract: tools read them in the output of `--json`. */
export const codes = { ...inputCodes, ...fetchCodes, ...buildCodes, ...storeCodes, ...machineCodes };

export type Code = keyof typeof codes;

export function explained(code: Code): Explained {
  return codes[code];
}
