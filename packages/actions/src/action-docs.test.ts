import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { fillReadme } from './action-docs.ts';
import { actionEntries, actionFolder, readmeOf } from './action-files.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

it.each(actionEntries)('documents %s as its action.yml says (pnpm generate)', async (name) => {
  const readme = await read(readmeOf(name));
  expect(readme).toBe(fillReadme(readme, await read(`${actionFolder(name)}/action.yml`)));
});

const Action = z.object({
  inputs: z.record(z.string(), z.unknown()),
  runs: z.object({
    steps: z.array(z.object({ run: z.string(), env: z.record(z.string(), z.string()).default({}) })),
  }),
});

/** Under the names that no child of ours gets. */
const secrets: Readonly<Record<string, readonly string[]>> = {
  token: ['GITHUB_TOKEN', 'GH_TOKEN'],
  'signing-key': ['BAKERY_SIGNING_KEY'],
  'signing-passphrase': ['BAKERY_SIGNING_PASSPHRASE'],
  'verity-key': ['BAKERY_VERITY_KEY'],
  'verity-certificate': ['BAKERY_VERITY_CERT'],
};

it.each(actionEntries)('hands every input of %s over by environment, and none to a shell', async (name) => {
  const { inputs, runs } = Action.parse(parse(await read(`${actionFolder(name)}/action.yml`)));
  const [prepare, step] = runs.steps;
  expect(runs.steps).toHaveLength(2);
  // What installs and bundles gets no token.
  expect(prepare).toEqual({ run: expect.stringContaining('scripts/prepare-action'), env: {} });
  expect(step?.run).not.toContain('${{');
  const wanted = Object.keys(inputs).flatMap((input) => {
    const names = secrets[input] ?? [`INPUT_${input.toUpperCase()}`];
    return names.map((variable) => [variable, `\${{ inputs.${input} }}`]);
  });
  expect(step?.env).toEqual(Object.fromEntries(wanted));
});
