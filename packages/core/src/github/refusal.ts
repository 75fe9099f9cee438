import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { GithubBusy } from './busy.ts';

const Refusal = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ data: z.unknown() }).optional(),
});

/** Octokit’s error for a connection that broke carries the status 500. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}

/** Something under that name is there already. */
export function isTaken(error: unknown): boolean {
  return statusOf(error) === 422 && /already_exists/.test(textOf(error));
}

export function isGone(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** Whether GitHub may have done what it was asked for all the same. */
export function isUncertain(error: unknown): boolean {
  return (statusOf(error) ?? 0) >= 500;
}

/** Everything a refusal says, to look for words in. */
export function textOf(error: unknown): string {
  const parsed = Refusal.safeParse(error);
  return parsed.success ? `${parsed.data.message} ${JSON.stringify(parsed.data.response?.data)}` : '';
}

/** Runs `work`; what GitHub refuses becomes an error the reader can act upon. `subject` begins the message. */
export async function explained<T>(subject: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(subject, error);
  }
}

function explain(subject: string, error: unknown): unknown {
  if (error instanceof GithubBusy) return error.saying({ subject });
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    const what = `at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    return new UserError(
      'github.unexpected',
      `${subject}: expected an answer as GitHub documents it: ${what}`,
      { cause: error },
    );
  }
  const parsed = Refusal.safeParse(error);
  if (error instanceof UserError || !parsed.success) return error;
  const { status, message } = parsed.data;
  const options = { cause: error };
  if (status === 401) {
    const hint = 'set GITHUB_TOKEN to a token that is still valid';
    return new UserError('github.refused', `${subject}: GitHub does not accept the token`, {
      ...options,
      hint,
    });
  }
  if (status === 403 || status === 404) {
    const hint = 'the token needs the permission "contents: write" on that repository';
    return new UserError('github.refused', `${subject}: GitHub answers ${status}: ${message}`, {
      ...options,
      hint,
    });
  }
  if (status >= 500) {
    return new GithubBusy({ kind: 'outage', until: undefined }, { ...options, subject, detail: message });
  }
  return new UserError(
    'github.refused',
    `${subject}: GitHub refuses with ${status}: ${textOf(error)}`,
    options,
  );
}
