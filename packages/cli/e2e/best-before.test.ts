import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runWell } from './run-bakery.ts';

const workflow = 'jobs: { bake: { uses: baker/sysext-bakery/.github/workflows/bake.yaml@v1 } }\n';

it('a feed whose indexes name a day tells when no run renews them, until one does', async () => {
  await using bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  await runWell(bakery, ['key', 'new', 'keys']);
  const sign = 'sign: { ring: keys/import-pubring.gpg, best-before: 30 }';
  await bakery.write('bakery.yaml', `recipes: [recipes]\n${sign}\n`);
  const env = { BAKERY_SIGNING_KEY: 'keys/signing-key.asc' };
  const run = (...args: readonly string[]) => runWell(bakery, args, { env });
  const sums = join(bakery.folder, 'out/alpha/SHA256SUMS');

  await mkdir(join(bakery.folder, '.github/workflows'), { recursive: true });
  await bakery.write('.github/workflows/release.yaml', workflow);
  const unscheduled = /^.*bakery\.yaml:2:\d+ warning: expected a workflow that renews indexes every 7 days/m;
  const linted = await run('lint');
  expect(linted.stdout).toMatch(unscheduled);
  expect((await run('check')).stderr).toContain('expected a workflow that renews indexes');
  await bakery.write(
    '.github/workflows/release.yaml',
    `on: { schedule: [{ cron: 7 4 * * * }] }\n${workflow}`,
  );
  expect((await run('lint')).stdout).not.toContain('bakery.yaml');

  await run('release', '--no-test');
  const fresh = await readFile(sums, 'utf8');
  const [, day = ''] = /^e3b0\w+ {2}BEST-BEFORE-(\S+)$/m.exec(fresh) ?? [];
  expect(Date.parse(day) - Date.now()).toBeGreaterThan(28 * 86_400_000);
  expect((await run('key', 'check')).stderr).toBe('');
  expect((await run('release')).stdout).toContain('Nothing to do');

  // As it looks when nobody ran it for weeks.
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await writeFile(sums, fresh.replace(day, tomorrow));
  const said = `hosts with systemd 260 and newer refuse indexes that no run renewed, that of alpha from ${tomorrow} on`;
  expect((await run('status')).stdout).toContain(`not renewed: ${said}`);
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({ bestBefore: tomorrow });
  expect((await run('key', 'check')).stderr).toContain(said);

  await run('metadata', '--all');
  expect(await readFile(sums, 'utf8')).not.toContain(tomorrow);
  expect((await run('status')).stdout).not.toContain('renewed');
});
