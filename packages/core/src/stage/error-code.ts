import { isNativeError } from 'node:util/types';

/** The system's name of a failure, e.g. ENOENT. */
export function errorCode(cause: unknown): string | undefined {
  return isNativeError(cause) && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
