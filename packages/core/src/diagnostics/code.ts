import { buildCodes } from './codes/build-codes.ts';
import { fetchCodes } from './codes/fetch-codes.ts';
import type { HubRule } from './codes/hub-rules.ts';
import { inputCodes } from './codes/input-codes.ts';
import { lintCodes } from './codes/lint-codes.ts';
import { machineCodes } from './codes/machine-codes.ts';
import { signingCodes } from './codes/signing-codes.ts';
import { storeCodes } from './codes/store-codes.ts';

/** Every code there is but those of hubs. They are a contract: programs read them in the output of `--json`. */
export const codes = {
  ...inputCodes,
  ...fetchCodes,
  ...buildCodes,
  ...storeCodes,
  ...signingCodes,
  ...machineCodes,
  ...lintCodes,
};

export type Code = keyof typeof codes | `hub.${HubRule}`;
