import { z } from 'zod';

/** What went wrong with a connection: fetch says only "fetch failed"; what failed stands in the cause. */
export function reasonOf(error: unknown): string {
  const { message, code, cause } = Failure.parse(error);
  if (cause !== undefined && cause !== null) return reasonOf(cause);
  const detail = message === '' ? 'no reason given' : message;
  return code === undefined || detail.includes(String(code)) ? detail : `${code} ${detail}`;
}

const Failure = z
  .object({
    message: z.string().default(''),
    code: z.union([z.string(), z.number()]).optional(),
    cause: z.unknown().optional(),
  })
  .catch({ message: '', code: undefined, cause: undefined });
