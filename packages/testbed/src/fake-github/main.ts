#!/usr/bin/env node
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedBakery } from './bakery-seed.ts';
import { startFakeGithub } from './fake-github.ts';
import { Seed } from './seed.ts';
import { loadState, saveState } from './state-file.ts';

/**
 * Runs the fake until SIGTERM and prints its URLs as one line of JSON.
 *   --seed FILE   repositories and tokens to begin with (see Seed); repositories of --state win
 *   --state DIR   goes on from this folder and leaves everything there
 *   --log FILE    one line of JSON for each request and each violation
 *   --port N      instead of any free one
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    state: { type: 'string' },
    log: { type: 'string' },
    port: { type: 'string', default: '0' },
  },
});

const seed = Seed.parse(values.seed === undefined ? {} : JSON.parse(await readFile(values.seed, 'utf8')));
const state = values.state === undefined ? undefined : await loadState(values.state);
const fake = await startFakeGithub({
  port: Number(values.port),
  ...(state === undefined ? {} : { state }),
  ...(values.state === undefined ? {} : { folder: join(values.state, 'assets') }),
  ...(seed.tokens === undefined ? {} : { tokens: seed.tokens }),
  limits: seed.limits ?? {},
});
if (seed.bakery !== undefined && !fake.state.repos.has(seed.bakery.repo.toLowerCase())) {
  await seedBakery(fake, seed.bakery, Date.now());
}
for (const [fullName, repo] of Object.entries(seed.repos)) {
  if (!fake.state.repos.has(fullName.toLowerCase())) {
    fake.addRepo(fullName, repo);
  }
}

let violationsWritten = 0;
fake.onAnswer((request) => {
  record(request);
  for (const violation of fake.violations().slice(violationsWritten)) {
    record({ violation });
  }
  violationsWritten = fake.violations().length;
});

const { apiUrl, graphqlUrl, serverUrl, uploadsUrl } = fake;
process.stdout.write(`${JSON.stringify({ apiUrl, graphqlUrl, serverUrl, uploadsUrl })}\n`);

await new Promise((resolve) => {
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
});
await fake[Symbol.asyncDispose]();
if (values.state !== undefined) {
  await saveState(values.state, fake.state);
}

function record(line: unknown): void {
  if (values.log !== undefined) {
    appendFileSync(values.log, `${JSON.stringify(line)}\n`);
  }
}
