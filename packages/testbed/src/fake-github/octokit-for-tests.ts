import { Octokit } from '@octokit/rest';
import type { FakeGithub } from './fake-github.ts';

/** The real client against the fake, silent about the failures that tests ask for. */
export function octokitFor(
  fake: Pick<FakeGithub, 'apiUrl'>,
  token: string | undefined = 'test-token',
): Octokit {
  return new Octokit({
    baseUrl: fake.apiUrl,
    ...(token === '' ? {} : { auth: token }),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
}

function quiet(): void {}

/** What the failure of a request says: status and message. */
export async function failure(request: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Error && 'status' in error) {
      return { status: Number(error.status), message: error.message };
    }
    throw error;
  }
  throw new Error('expected the request to fail');
}
