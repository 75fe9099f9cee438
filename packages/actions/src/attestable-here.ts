import { context } from '@actions/github';
import { z } from 'zod';
import type { HostProcess } from '@bakery/core/bakery.ts';
import { githubConfig } from '@bakery/core/github.ts';
import { type Attestable, attestable, type AttestMode } from '@bakery/core/provenance.ts';

/** Whether this job can have an attestation of GitHub. */
export function attestableHere(mode: AttestMode, env: HostProcess['env']): Attestable {
  const event = Event.safeParse(context.payload).data;
  return attestable(mode, {
    server: githubConfig(env).serverUrl,
    isPublic: event?.repository.private === false,
    hasIdentity: (env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '',
  });
}

/** Whether the jobs that publish may have one, as far as that shows in a job that only looks. */
export function mayBeAttested(mode: AttestMode, env: HostProcess['env']): boolean {
  return attestableHere(mode, { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: 'theirs' }).answer !== 'no';
}

/** https://docs.github.com/webhooks/webhook-events-and-payloads: every event names its repository. */
const Event = z.object({ repository: z.object({ private: z.boolean() }) });
