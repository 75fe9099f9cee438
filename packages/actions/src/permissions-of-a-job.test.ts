import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { z } from 'zod';

const Names = z.record(z.string(), z.unknown()).transform((properties) => Object.keys(properties));

/** What GitHub’s own parser of workflows takes under `permissions:`. */
const Parser = z.object({
  definitions: z.object({
    'permissions-mapping': z.object({ mapping: z.object({ properties: Names }) }),
  }),
});

/** What the token of an app may be given, by GitHub’s description of its API; that of a job is such a token. */
const Description = z.object({
  components: z.object({
    schemas: z.object({ 'app-permissions': z.object({ properties: Names }) }),
  }),
});

const packages = join(import.meta.dirname, '../..');

it('cannot have GitHub show a job which secrets an environment has: docs and preflight say so', async () => {
  const parser = await json('actions/node_modules/@actions/workflow-parser/dist/workflow-v1.0.min.json');
  const api = await json('testbed/node_modules/@octokit/openapi/generated/api.github.com.json');
  const ofJobs = Parser.parse(parser).definitions['permissions-mapping'].mapping.properties;
  const ofApps = Description.parse(api).components.schemas['app-permissions'].properties;
  const needed = ['environments', 'secrets', 'administration'];
  expect(ofApps).toEqual(expect.arrayContaining(['contents', 'actions', ...needed]));
  expect(ofJobs).toEqual(expect.arrayContaining(['contents', 'actions', 'deployments']));
  expect(ofJobs.filter((name) => needed.includes(name))).toEqual([]);
});

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(packages, path), 'utf8'));
}
