import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { runBakery } from './run-bakery.ts';

const repository = 'baker/bakery';

it('tells before the first build what stands in the way of publishing, and nothing once it is out of it', async () => {
  await using bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write(
    'bakery.yaml',
    `recipes: [recipes]\nstore: github:${repository}\nsign: required\nsite: required\n`,
  );
  const tokens = {
    reader: { contents: 'read' },
    baker: { contents: 'write', environments: 'read' },
  } as const;
  await using github = await startFakeGithub({ tokens });
  const repo = github.addRepo(repository);
  const run = (token: string, ...args: string[]) =>
    runBakery(bakery, args, {
      env: {
        GITHUB_API_URL: github.apiUrl,
        GITHUB_GRAPHQL_URL: github.graphqlUrl,
        GITHUB_SERVER_URL: github.serverUrl,
        GITHUB_TOKEN: token,
      },
    });

  const told = await run('reader', 'check', '--preflight', 'alpha');
  expect(told.code).toBe(1);
  expect(told.stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(
      /^fails +github:baker\/bakery: expected a token that may write releases, got that of somebody/,
    ),
    expect.stringMatching(/^fails +.* expected GitHub Pages/),
    expect.stringMatching(/^fails +.* expected the environment "signing"/),
  ]);

  await bakery.write('bakery.yaml', `recipes: [recipes]\nstore: github:${repository}\n`);
  const refused = await run('reader', 'release', 'alpha');
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('nothing is built, as nothing could be'),
  ]);
  expect(refused.stderr).not.toContain('Build alpha');

  await bakery.write(
    'bakery.yaml',
    `recipes: [recipes]\nstore: github:${repository}\nsign: required\nsite: required\n`,
  );
  repo.pages = 'workflow';
  repo.environments.set('signing', []);
  const keyless = await run('baker', 'check', '--preflight', 'alpha');
  expect([keyless.code, keyless.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^may fail +.* expected the secret BAKERY_SIGNING_KEY in the environment "signing"/,
    ),
  ]);

  repo.environments.set('signing', ['BAKERY_SIGNING_KEY']);
  const well = await run('baker', 'check', '--preflight', 'alpha');
  expect([well.code, well.stdout]).toEqual([
    0,
    `github:${repository}: nothing is seen that stands in the way\n`,
  ]);
  expect(github.violations()).toEqual([]);
  expect(github.writes()).toEqual(new Map());
});
