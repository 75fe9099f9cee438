import { expect, it } from '@jest/globals';
import { attestable, type PublishingJob } from './attestable.ts';

const job: PublishingJob = { server: 'https://github.com', isPublic: true, hasIdentity: true };

it.each<[string, Partial<PublishingJob>, string, string]>([
  ['a public repository', {}, 'yes', ''],
  ['a private one', { isPublic: false }, 'maybe', 'Enterprise Cloud'],
  ['one with data residency', { server: 'https://octo.ghe.com' }, 'maybe', 'Enterprise Cloud'],
  [
    'one on a server of its own',
    { server: 'https://git.example.org' },
    'no',
    'git.example.org is GitHub Enterprise Server',
  ],
  ['a job without the permission', { hasIdentity: false }, 'no', 'id-token: write'],
])('%s', (_what, more, answer, why) => {
  const found = attestable('auto', { ...job, ...more });
  expect(found).toEqual({ answer, why: expect.stringContaining(why) });
  expect(attestable('off', { ...job, ...more }).answer).toBe('no');
  expect(attestable('required', { ...job, ...more }).answer).toBe('yes');
});
