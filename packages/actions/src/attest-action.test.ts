import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { attestAction } from '../testing/attest-action.ts';

const Workflow = z.object({
  jobs: z.object({
    publish: z.object({
      permissions: z.record(z.string(), z.string()),
      steps: z.array(
        z.object({
          id: z.string().optional(),
          uses: z.string(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  }),
});

it('the workflow gives actions/attest what it takes, and takes what it gives', async () => {
  const path = join(import.meta.dirname, '../../../.github/workflows/bake.yaml');
  const text = await readFile(path, 'utf8');
  const { permissions, steps } = Workflow.parse(parse(text)).jobs.publish;
  const step = steps.find(({ id }) => id === 'attest');
  expect(text).toContain(`uses: ${attestAction.uses} # ${attestAction.version}\n`);
  expect(attestAction.inputs).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
  const taken = [...text.matchAll(/steps\.attest\.outputs\.([\w-]+)/g)].map(([, name]) => name);
  expect(taken).not.toEqual([]);
  expect(attestAction.outputs).toEqual(expect.arrayContaining(taken));
  expect(permissions).toEqual({
    contents: 'write',
    'id-token': 'write',
    attestations: 'write',
    actions: 'read', // for images of an earlier run
  });
});
