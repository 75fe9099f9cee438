import { once } from 'node:events';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { HostTest } from '../recipe/image-plan.ts';
import { mostSecondsOf, readResults, testScript } from './test-script.ts';

const place = { file: 'recipes/x/recipe.yaml', line: 1, column: 1 };
const common = { place, within: 1 };

/** `machine` as systemd calls it. */
async function results(tests: readonly HostTest[], machine = 'none') {
  const script = `systemd-detect-virt() { echo ${machine}; }\n${testScript(tests)}`;
  return readResults(await runChecked(spawnExec(process.env), 'bash', ['-c', script]));
}

it('takes the steps of a recipe as words, and tells what each came to', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'steps-'));
  const path = join(folder.path, 'a b', "it's.conf");
  const content = 'x = "$HOME" `id`\n\\end\n';
  const found = await results([
    { ...common, kind: 'config', path, content, mode: '0640' },
    { ...common, kind: 'file', path },
    { ...common, kind: 'run', argv: ['printf', '%s|', "it's", '$(id)', ''] },
    { ...common, kind: 'run', argv: ['sh', '-c', 'echo "@2 0 ZmFrZQ=="; exit 3'] },
    { ...common, kind: 'file', path: join(folder.path, 'nowhere') },
  ]);
  expect(await readFile(path, 'utf8')).toBe(content);
  expect([...found.values()]).toEqual([
    { code: 0, output: '' },
    { code: 0, output: '' },
    { code: 0, output: "it's|$(id)||" },
    { code: 3, output: '@2 0 ZmFrZQ==\n' },
    { code: 1, output: `expected ${join(folder.path, 'nowhere')} within 1 s, got nothing\n` },
  ]);
});

it('restarts a unit only after a configuration of its own recipe', () => {
  const config: HostTest = { ...common, kind: 'config', path: '/etc/x', content: '', mode: '0644' };
  const unit: HostTest = { ...common, kind: 'unit', unit: 'x.service', state: 'active' };
  const other = { ...config, place: { ...place, file: 'recipes/y/recipe.yaml' } };
  expect(testScript([other, unit])).toContain("'unit' 'x.service' '1' 'start'");
  expect(testScript([config, unit])).toContain("'unit' 'x.service' '1' 'restart'");
});

it('asks ports', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const asked: HostTest = { ...common, kind: 'port', port };
  expect((await results([asked])).get(0)).toEqual({ code: 0, output: '' });
  server.close();
  await once(server, 'close');
  expect((await results([asked])).get(0)).toEqual({
    code: 1,
    output: `expected an answer at 127.0.0.1:${port} within 1 s, got none\n`,
  });
});

it('waits ten times as long in a machine that is emulated', async () => {
  const slow: HostTest = { ...common, kind: 'run', argv: ['sleep', '2'] };
  expect((await results([slow])).get(0)?.code).toBe(124);
  expect((await results([slow], 'qemu')).get(0)?.code).toBe(0);
  expect(mostSecondsOf([slow])).toBeGreaterThan(10);
});

it('waits for nobody who stays in the background', async () => {
  const started = { ...common, kind: 'run' as const, argv: ['sh', '-c', 'sleep 3600 & echo $!'] };
  const { code, output = '' } = (await results([started])).get(0) ?? {};
  process.kill(Number(output));
  expect(code).toBe(0);
});

it('tells all that a program printed, not its end alone', async () => {
  const argv = ['sh', '-c', 'echo first; seq 100000'];
  const found = (await results([{ ...common, kind: 'run', argv, within: 60 }])).get(0);
  expect(found?.output).toMatch(/^first\n1\n[^]*\n100000\n$/);
});
