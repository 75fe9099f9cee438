import { expect, it } from '@jest/globals';
import { UserError } from '@bakery/core/src/diagnostics/user-error.ts';
import { runCli, UsageError } from './run-cli.ts';

async function fail(error: Error): Promise<{ code: number; said: string; json: unknown }> {
  let json: unknown;
  let said = '';
  const code = await runCli(
    async () => {
      throw error;
    },
    { complain: (text) => (said += text), json: (data) => (json = data) },
  );
  return { code, said, json };
}

it('shows what the reader can fix as one line and a hint', async () => {
  expect(
    await fail(new UserError('recipe.invalid', 'a.yaml:1:2 name: expected text', { hint: 'quote it' })),
  ).toEqual({
    code: 1,
    said: 'bakery: a.yaml:1:2 name: expected text\nhint: quote it\n',
    json: {
      error: { code: 'recipe.invalid', message: 'a.yaml:1:2 name: expected text', hint: 'quote it' },
    },
  });
});

it('ends with 2 for a command line it cannot understand', async () => {
  expect((await fail(new UsageError('create: expected a version'))).code).toBe(2);
});

it('calls everything else a bug and shows where', async () => {
  const { code, said, json } = await fail(new TypeError('x is not a function'));
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: 'bug' } });
  expect(said).toContain('this is a bug');
  expect(said).toContain('run-cli.test.ts');
});
